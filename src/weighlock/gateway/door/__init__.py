"""Who may come in, and where to: addresses, headers, virtual tokens."""
