"""Prices as people read them."""

from parcel.quote import quote


def show(country, grams):
    """Return the price of a parcel with two decimals."""
    cents = quote(country, grams)
    return f"{cents // 100}.{cents % 100:02}"
