// Package limit lets so many calls through in a window of time.
package limit

import "time"

// Limiter lets calls through; New makes one.
type Limiter struct {
	n   int
	per time.Duration
}

// New returns a limiter of n calls in any window.
func New(n int, per time.Duration) *Limiter {
	return &Limiter{n: n, per: per}
}

// Allow says whether a call may go through, and counts it when it may.
func (l *Limiter) Allow(now time.Time) bool {
	panic("not implemented")
}

// Wait returns how long it takes until a call may go through.
func (l *Limiter) Wait(now time.Time) time.Duration {
	panic("not implemented")
}
