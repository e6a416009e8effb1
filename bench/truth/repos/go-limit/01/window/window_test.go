package window

import (
	"testing"
	"time"
)

func TestStartIsTheWholeMinute(t *testing.T) {
	now := time.Date(2026, 11, 2, 8, 3, 9, 0, time.UTC)
	if got := Start(now, time.Minute); got != now.Add(-9*time.Second) {
		t.Errorf("got %v", got)
	}
}
