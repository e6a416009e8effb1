"""Break a text into lines."""


def wrap(text, width):
    """Return lines of at most ``width`` characters."""
    raise NotImplementedError
