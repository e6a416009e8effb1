from hand import put, say, swap, take

take("03")
swap(
    "limit/limit.go",
    """
func (l *Limiter) live(now time.Time) []time.Time {
	for i, at := range l.seen {
		if at.Add(l.per).After(now) {
			return l.seen[i:]
		}
	}
	return nil
}
""",
    "",
)
put(
    "limit/live.go",
    """package limit

import (
	"sort"
	"time"
)

func (l *Limiter) live(now time.Time) []time.Time {
	first := sort.Search(len(l.seen), func(i int) bool {
		return l.seen[i].Add(l.per).After(now)
	})
	return l.seen[first:]
}
""",
)
put(
    "limit/load_test.go",
    """package limit

import (
	"testing"
	"time"
)

func TestNoWindowHoldsMore(t *testing.T) {
	if testing.Short() {
		t.Skip("walks a thousand windows")
	}
	l, let := New(3, 7*time.Second), 0
	for i := 0; i < 7000; i++ {
		if l.Allow(after(time.Duration(i) * time.Second)) {
			let++
		}
	}
	if let != 3000 {
		t.Errorf("%d went through", let)
	}
}
""",
)
say()
