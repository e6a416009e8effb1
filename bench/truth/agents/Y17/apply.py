from hand import put, say, take

take("02")
put(
    "limit/zero_test.go",
    """package limit

import (
	"testing"
	"time"
)

func TestNobodyGoesThroughAZeroLimit(t *testing.T) {
	l := New(1, time.Second)
	l.Allow(noon)
	for i := 0; i < 3; i++ {
		if l.Allow(noon) {
			t.Error("one too many")
		}
	}
}
""",
)
say("6 tests, red by the stub's panic.")
