"""What requests came to, added up for whom they were made."""

from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What requests came to."""

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

    def plus(self, other: "Spent") -> "Spent":
        """Return the sum."""
        discarded = self.discarded
        if other.discarded is not NO_TOKENS:
            discarded = discarded.plus(other.discarded)
        return Spent(
            requests=self.requests + other.requests,
            tokens=self.tokens.plus(other.tokens),
            unmetered=self.unmetered + other.unmetered,
            cost=self.cost + other.cost,
            unpriced=self.unpriced + other.unpriced,
            seconds=self.seconds + other.seconds,
            discarded=discarded,
        )

    def all_tokens(self) -> int:
        """Return the tokens of every kind together."""
        one = self.tokens
        kinds = (one.input, one.output, one.cache_read, one.cache_write)
        return sum(count or 0 for count in kinds)


NOTHING = Spent()


@dataclass(slots=True)
class Meter:
    """Sums by account; one entry for each that was ever used."""

    accounts: dict[Account, Spent] = field(default_factory=dict)

    def add(self, account: Account, spent: Spent) -> None:
        """Count what a request came to."""
        known = self.accounts.get(account)
        self.accounts[account] = spent if known is None else known.plus(spent)

    def of(self, **where: object) -> Spent:
        """Return the sum of every account with these fields: ``of(run="r")``."""
        return total(s for a, s in self.accounts.items() if _fits(a, where))

    def by(self, *fields: str) -> Mapping[Account, Spent]:
        """Return sums by some fields, the others left empty."""
        sums: dict[Account, Spent] = {}
        for account, spent in self.accounts.items():
            key = replace(Account(), **{f: getattr(account, f) for f in fields})
            sums[key] = sums.get(key, NOTHING).plus(spent)
        return sums


def _fits(account: Account, where: Mapping[str, object]) -> bool:
    return all(getattr(account, name) == value for name, value in where.items())


def total(spent: Iterable[Spent]) -> Spent:
    """Return the sum."""
    found = NOTHING
    for one in spent:
        found = found.plus(one)
    return found
