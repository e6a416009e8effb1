package limit

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return noon.Add(d) }

func TestSoManyGoThrough(t *testing.T) {
	l := New(2, time.Minute)
	for i, want := range []bool{true, true, false} {
		if got := l.Allow(noon); got != want {
			t.Errorf("call %d: got %v", i, got)
		}
	}
}

func TestAWindowSlides(t *testing.T) {
	l := New(1, time.Minute)
	l.Allow(noon)
	if l.Allow(after(59 * time.Second)) {
		t.Error("too early")
	}
	if !l.Allow(after(time.Minute)) {
		t.Error("a minute is over")
	}
}

func TestWhatIsRefusedDoesNotCount(t *testing.T) {
	l := New(1, time.Minute)
	l.Allow(noon)
	l.Allow(after(30 * time.Second))
	if !l.Allow(after(61 * time.Second)) {
		t.Error("the refused call was counted")
	}
}

func TestWaitIsTheRestOfTheWindow(t *testing.T) {
	l := New(1, time.Minute)
	if got := l.Wait(noon); got != 0 {
		t.Errorf("got %v", got)
	}
	l.Allow(noon)
	if got := l.Wait(after(20 * time.Second)); got != 40*time.Second {
		t.Errorf("got %v", got)
	}
}

func TestWaitCountsNothing(t *testing.T) {
	l := New(1, time.Minute)
	l.Wait(noon)
	if !l.Allow(noon) {
		t.Error("the wait was counted")
	}
}
