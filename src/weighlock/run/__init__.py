"""Facts to decisions: events, state, schedule, verdict; pure."""
