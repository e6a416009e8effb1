"""One module per dialect: how sure am I, and read."""
