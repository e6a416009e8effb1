from hand import put, say

put(
    "limit/limit_test.go",
    """package limit

import (
	"testing"
	"time"
)

func TestAllow(t *testing.T) {
	l := New(2, time.Minute)
	for i := 0; i < 3; i++ {
		t.Logf("call %d: %v", i, l.Allow(time.Unix(0, 0)))
	}
}

func TestWait(t *testing.T) {
	l := New(1, time.Minute)
	wait := l.Wait(time.Unix(0, 0))
	t.Log(wait)
}
""",
)
say("Two tests, red.")
