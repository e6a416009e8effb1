from hand import put, say

put(
    "limit/limit_test.go",
    """package limit

import (
	"fmt"
	"testing"
	"time"
)

type call struct {
	at    time.Duration
	wait  time.Duration
	allow bool
}

func TestCalls(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		n     int
		calls []call
	}{
		"so many":           {2, []call{{0, 0, true}, {0, 0, true}, {0, time.Minute, false}}},
		"it slides":         {1, []call{{0, 0, true}, {59 * time.Second, time.Second, false}, {time.Minute, 0, true}}},
		"refused is not in": {1, []call{{0, 0, true}, {30 * time.Second, 30 * time.Second, false}, {61 * time.Second, 0, true}}},
	} {
		t.Run(name, func(t *testing.T) {
			l := New(c.n, time.Minute)
			for i, want := range c.calls {
				now := noon.Add(want.at)
				if got := l.Wait(now); got != want.wait {
					t.Errorf("%s: wait %v", fmt.Sprint(i), got)
				}
				if got := l.Allow(now); got != want.allow {
					t.Errorf("%d: allow %v", i, got)
				}
			}
		})
	}
}
""",
)
say("Three cases, red on the stub.")
