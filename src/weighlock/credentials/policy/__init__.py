"""Which credential is next, and why: pure; no clock, no disk, no network."""
