"""Layer 2: what git says is so, and what it cannot say is named."""
