"""One module per runner: its options, its report, its canary."""
