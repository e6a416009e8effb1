// Package window tells in which stretch of time something lies.
package window

import "time"

// Start returns when the stretch of the length per began that holds a time.
func Start(now time.Time, per time.Duration) time.Time {
	return now.Truncate(per)
}
