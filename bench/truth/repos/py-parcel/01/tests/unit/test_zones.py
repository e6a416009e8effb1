import pytest

from parcel.zones import zone


@pytest.mark.parametrize(("country", "expected"), [("DE", "A"), ("fr", "B")])
def test_zone(country, expected):
    assert zone(country) == expected
