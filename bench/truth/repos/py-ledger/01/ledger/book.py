"""A book of accounts."""


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
        raise NotImplementedError

    def statement(self, account):
        """Return the lines of an account."""
        raise NotImplementedError
