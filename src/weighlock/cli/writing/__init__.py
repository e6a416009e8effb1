"""What ``new`` and ``import`` share: looking at a repository, placing files whole."""
