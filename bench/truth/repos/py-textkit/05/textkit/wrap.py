"""Break a text into lines."""


def wrap(text, width):
    """Return lines of at most ``width`` characters."""
    if width < 1:
        raise ValueError(f"a line needs at least one character, not {width}")
    lines = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
