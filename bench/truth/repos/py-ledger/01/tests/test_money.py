import pytest

from ledger.money import parse, show


@pytest.mark.parametrize(("text", "e"), [("12.05", 1205), ("0.00", 0)])
def test_an_amount_is_read(text, e):
    assert parse(text) == e


def test_cents_need_two_digits():
    with pytest.raises(ValueError):
        parse("1.5")


def test_an_amount_is_written():
    assert show(-1205) == "-12.05"
