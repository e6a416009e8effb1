"""What requests came to, added up for whom they were made."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from weighlock.gateway.wire import NO_TOKENS, Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """For whom and with what a request was made."""

    run: str = ""
    phase: str = ""
    attempt: int = 0
    role: str = ""
    bucket: str = ""
    model: str = ""


@dataclass(slots=True, kw_only=True)
class Spent:
    """What requests came to; a sum that more is added to."""

    requests: int = 0
    tokens: Tokens = NO_TOKENS
    unmetered: int = 0
    """Answers whose provider told no tokens: they are in no sum."""
    cost: float = 0.0
    """US dollars, of the answers whose price is known."""
    unpriced: int = 0
    """Answers whose cost is unknown; while there are any, ``cost`` is a lower bound."""
    seconds: float = 0.0
    discarded: Tokens = NO_TOKENS
    """Tokens of answers that broke and that nobody was given; among ``tokens`` too."""

    def add(self, other: "Spent") -> None:
        """Count what more requests came to."""
        self.requests += other.requests
        self.tokens = self.tokens.plus(other.tokens)
        self.unmetered += other.unmetered
        self.cost += other.cost
        self.unpriced += other.unpriced
        self.seconds += other.seconds
        self.discarded = self.discarded.plus(other.discarded)

    def all_tokens(self) -> int:
        """Return the tokens of every kind together."""
        one = self.tokens
        kinds = (one.input, one.output, one.cache_read, one.cache_write)
        return sum(count or 0 for count in kinds)


@dataclass(slots=True)
class Meter:
    """Sums by account; one entry for each that was ever used."""

    accounts: dict[Account, Spent] = field(default_factory=dict)

    def add(self, account: Account, spent: Spent) -> None:
        """Count what a request came to."""
        known = self.accounts.get(account)
        if known is None:
            known = self.accounts[account] = Spent()
        known.add(spent)

    def copy(self) -> "Meter":
        """Return it as it is now, whatever comes later."""
        return Meter({account: replace(s) for account, s in self.accounts.items()})

    def of(self, **where: object) -> Spent:
        """Return the sum of every account with these fields: ``of(run="r")``."""
        found = Spent()
        for account, spent in self.accounts.items():
            if _fits(account, where):
                found.add(spent)
        return found

    def by(self, *fields: str) -> Mapping[Account, Spent]:
        """Return sums by some fields, the others left empty."""
        sums = Meter()
        for account, spent in self.accounts.items():
            key = replace(Account(), **{f: getattr(account, f) for f in fields})
            sums.add(key, spent)
        return sums.accounts


def _fits(account: Account, where: Mapping[str, object]) -> bool:
    return all(getattr(account, name) == value for name, value in where.items())
