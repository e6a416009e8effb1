"""``weighlock bucket``: credentials with quotas of their own, one command each."""
