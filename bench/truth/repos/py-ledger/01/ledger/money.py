"""Whole cents, and how people write them."""


def parse(text):
    """Read ``12.05`` as 1205 cents."""
    whole, _, rest = text.partition(".")
    if len(rest) != 2 or not (whole + rest).isdigit():
        raise ValueError(f"not an amount: {text!r}")
    return int(whole) * 100 + int(rest)


def show(cents):
    """Write 1205 cents as ``12.05``."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
