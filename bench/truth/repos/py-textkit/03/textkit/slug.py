"""Make names for addresses out of titles."""


def slugify(text):
    """Return the words of a text in lower case, joined by hyphens."""
    raise NotImplementedError
