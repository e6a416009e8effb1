"""What ``new`` and ``import`` share: looking at a repository, writing files whole."""
