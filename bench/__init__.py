"""How fast weighlock is, measured beside something everybody knows."""
