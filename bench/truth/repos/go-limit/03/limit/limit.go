// Package limit lets so many calls through in a window of time.
package limit

import "time"

// Limiter lets calls through; New makes one.
type Limiter struct {
	n    int
	per  time.Duration
	seen []time.Time
}

// New returns a limiter of n calls in any window.
func New(n int, per time.Duration) *Limiter {
	return &Limiter{n: n, per: per}
}

// Allow says whether a call may go through, and counts it when it may.
func (l *Limiter) Allow(now time.Time) bool {
	if l.Wait(now) > 0 {
		return false
	}
	l.seen = append(l.live(now), now)
	return true
}

// Wait returns how long it takes until a call may go through.
func (l *Limiter) Wait(now time.Time) time.Duration {
	live := l.live(now)
	if len(live) < l.n {
		return 0
	}
	return live[len(live)-l.n].Add(l.per).Sub(now)
}

func (l *Limiter) live(now time.Time) []time.Time {
	for i, at := range l.seen {
		if at.Add(l.per).After(now) {
			return l.seen[i:]
		}
	}
	return nil
}
