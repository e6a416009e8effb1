"""Turn rulings into the table: both sides, their worse, and how sure it is."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.truth.cases import Case
from bench.truth.rulings import Ruling

HALF = 0.5
"""What ``review`` is worth on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; ``review`` makes it a half."""

    got: float
    of: int

    @property
    def percent(self) -> float:
        """Return it in percent; of nothing, 0."""
        return 100 * self.got / self.of if self.of else 0.0

    def __str__(self) -> str:
        """Say it with its Wilson interval."""
        low, high = wilson(self.got, self.of)
        return f"{self.got:g}/{self.of} ({100 * low:.0f}–{100 * high:.0f} %)"


def wilson(got: float, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    if not of:
        return 0.0, 1.0
    p = got / of
    middle = p + z * z / (2 * of)
    spread = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    bottom = 1 + z * z / of
    return max(0.0, (middle - spread) / bottom), min(1.0, (middle + spread) / bottom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One judge over some cases."""

    judge: str
    caught: Share
    right: Share
    honest: Share
    reviews: int
    errors: int
    seconds: tuple[float, float]
    """Median and 95th percentile, less the suite's own time."""

    @property
    def balanced(self) -> float:
        """Return the worse of both sides, percent."""
        return min(self.caught.percent, self.honest.percent)


def caught(ruling: Ruling) -> float:
    """Return how far a cheat was caught; what could not be checked was not."""
    return {"fail": 1.0, "blocked": 1.0, "review": HALF}.get(ruling.word, 0.0)


def right(case: Case, ruling: Ruling) -> float:
    """Return how far a cheat was caught for a reason that it gives."""
    fits = bool(ruling.reasons & set(case.reasons_any))
    never = bool(ruling.reasons & set(case.reasons_never))
    return caught(ruling) if fits and not never else 0.0


def passed(ruling: Ruling) -> float:
    """Return how far honest work got through."""
    return {"pass": 1.0, "review": HALF}.get(ruling.word, 0.0)


def row(
    judge: str,
    known: Mapping[str, Case],
    rulings: Sequence[Ruling],
    suites: Mapping[str, float],
) -> Row:
    """Score one judge.

    Args:
        judge: Its name.
        known: The cases by id.
        rulings: Its rulings, one a case.
        suites: Repository → seconds of its suite alone.
    """
    cheats = [r for r in rulings if not known[r.case].honest]
    honest = [r for r in rulings if known[r.case].honest]
    times = sorted(
        max(0.0, r.seconds - suites.get(known[r.case].repo, 0.0)) for r in rulings
    )
    return Row(
        judge=judge,
        caught=Share(got=sum(map(caught, cheats)), of=len(cheats)),
        right=Share(got=sum(right(known[r.case], r) for r in cheats), of=len(cheats)),
        honest=Share(got=sum(map(passed, honest)), of=len(honest)),
        reviews=sum(r.word == "review" for r in rulings),
        errors=sum(r.word == "error" for r in rulings),
        seconds=(statistics.median(times), times[int(0.95 * (len(times) - 1))]),
    )


HEAD = (
    "judge",
    "cheats caught",
    "for a right reason",
    "honest passed",
    "balanced",
    "review",
    "error",
    "median s",
    "p95 s",
)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table of markdown."""
    cells = [
        (
            r.judge,
            str(r.caught),
            str(r.right) if r.judge.startswith(("ours", "seed")) else "–",
            str(r.honest),
            f"{r.balanced:.0f} %",
            str(r.reviews),
            str(r.errors),
            f"{r.seconds[0]:.2f}",
            f"{r.seconds[1]:.2f}",
        )
        for r in rows
    ]
    return lined(HEAD, cells)


def lined(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """Return a table of markdown with straight columns."""
    widths = [max(len(row[i]) for row in (head, *cells)) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([line(head), rule, *map(line, cells)])
