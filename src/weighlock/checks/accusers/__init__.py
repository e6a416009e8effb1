"""Layer 7: what looks wrong by its text alone; it sends to a person, and no further."""
