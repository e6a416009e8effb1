"""Labels of parcels."""


class NoName(ValueError):
    """Nobody is named on the label."""


def label(country, name):
    """Return the text of a label."""
    raise NotImplementedError
