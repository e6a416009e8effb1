from hand import say, swap, take

take("03")
swap("ledger/book.py", "from ledger.money import show\n", "from typing import NamedTuple\n\nfrom ledger.money import show\n")
swap(
    "ledger/book.py",
    "class Book:",
    'class Line(NamedTuple):\n    """A posting, and what the account held after it."""\n\n'
    "    signed: str\n    held: str\n\n"
    '    def __str__(self):\n        return f"{self.signed:>12} {self.held:>12}"\n\n\nclass Book:',
)
swap("ledger/book.py", 'lines.append((f"{sign}{show(cents)}", show(held)))', 'lines.append(Line(f"{sign}{show(cents)}", show(held)))')
say()
