import pytest

from parcel.quote import quote

PRICES = [
    ("DE", 900, 490),
    ("FR", 1001, 1010),
    ("FR", 2000, 1130),
    ("US", 1000, 1590),
    ("US", 1501, 1830),
]


@pytest.mark.parametrize(("country", "grams", "cents"), PRICES)
def test_quote(country, grams, cents):
    assert quote(country, grams) == cents


def test_light(light):
    assert quote("DE", light) == 490


@pytest.mark.parametrize("grams", [0, -5])
def test_nothing_is_not_sent(grams):
    with pytest.raises(ValueError):
        quote("DE", grams)
