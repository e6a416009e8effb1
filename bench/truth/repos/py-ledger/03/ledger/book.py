"""A book of accounts."""

from ledger.money import show


class Overdrawn(Exception):
    """An account does not hold what is taken from it."""


class Book:
    """Balances and postings of accounts."""

    def __init__(self):
        self._postings = []

    def post(self, account, cents):
        """Add an amount to an account; it may be negative."""
        self._postings.append((account, cents))

    def balance(self, account):
        """Return what an account holds."""
        return sum(cents for name, cents in self._postings if name == account)

    def transfer(self, source, target, cents):
        """Move money from one account to another."""
        if cents < 1:
            raise ValueError(f"at least one cent must move, not {cents}")
        if self.balance(source) < cents:
            raise Overdrawn(f"{source} holds {show(self.balance(source))}")
        self.post(source, -cents)
        self.post(target, cents)

    def statement(self, account):
        """Return the lines of an account."""
        lines, held = [], 0
        for name, cents in self._postings:
            if name == account:
                held += cents
                sign = "+" if cents >= 0 else ""
                lines.append((f"{sign}{show(cents)}", show(held)))
        return lines
