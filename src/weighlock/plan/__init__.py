"""Text to plan: pure readers that turn what people wrote into frozen values."""
