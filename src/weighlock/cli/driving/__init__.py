"""What runs a plan: settings become adapters, the engine is driven to its end."""
