"""Programs that a runner starts inside the walls; they need only a library."""
