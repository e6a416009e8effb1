"""Plan to problems: one module per family of rules, one table of rules."""
