from ledger.book import Book


def test_each_line_has_the_balance_after_it():
    book = Book()
    book.post("cash", 1205)
    book.post("bank", 1)
    book.post("cash", -205)
    e = [("+12.05", "12.05"), ("-2.05", "10.00")]
    assert book.statement("cash") == e


def test_nobody_posted_no_lines():
    e = []
    assert Book().statement("cash") == e
