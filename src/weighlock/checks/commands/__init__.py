"""Layer 6: the plan's own commands, and what they were expected to show."""
