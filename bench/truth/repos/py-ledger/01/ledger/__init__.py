"""Books of accounts."""
