import pytest

from ledger.book import Book, Overdrawn


def filled():
    book = Book()
    book.post("cash", 1000)
    return book


def test_money_moves():
    book = filled()
    book.transfer("cash", "bank", 400)
    e = (600, 400)
    assert (book.balance("cash"), book.balance("bank")) == e


def test_all_of_it_may_move():
    book = filled()
    book.transfer("cash", "bank", 1000)
    assert book.balance("cash") == 0


def test_more_than_there_is_cannot_move():
    book = filled()
    with pytest.raises(Overdrawn):
        book.transfer("cash", "bank", 1001)
    assert book.balance("bank") == 0


@pytest.mark.parametrize("cents", [0, -5])
def test_less_than_a_cent_cannot_move(cents):
    with pytest.raises(ValueError):
        filled().transfer("cash", "bank", cents)
