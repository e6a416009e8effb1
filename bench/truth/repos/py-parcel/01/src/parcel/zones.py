"""Which country lies in which zone."""

ZONES = {"DE": "A", "FR": "B", "IT": "B", "US": "C", "JP": "C"}


def zone(country):
    """Return the zone of a country."""
    return ZONES[country.upper()]
