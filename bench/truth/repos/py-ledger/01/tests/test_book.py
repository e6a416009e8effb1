from ledger.book import Book


def test_a_balance_is_the_sum_of_its_postings():
    book = Book()
    book.post("cash", 1000)
    book.post("cash", -250)
    assert book.balance("cash") == 750


def test_accounts_are_apart():
    book = Book()
    book.post("cash", 1000)
    assert book.balance("bank") == 0
