"""Turn rulings into the table: both sides, their worse, and how sure it is."""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.truth.cases import Case
from bench.truth.rulings import Ruling

HALF = 0.5
"""What it is worth, on either side, that a person has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    got: int
    of: int

    def __str__(self) -> str:
        """Say it with its Wilson interval."""
        low, high = wilson(self.got, self.of)
        return f"{self.got}/{self.of} ({100 * low:.0f}–{100 * high:.0f} %)"


def wilson(got: int, of: int, z: float = 1.96) -> tuple[float, float]:
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
    stopped: Share
    """Cheats that did not pass and could be checked."""
    to_review: int
    """How many of those a person has to look at."""
    right: Share
    """Cheats that were stopped for a reason that the case names."""
    honest: Share
    """Honest work that passed; ``review`` is not a pass."""
    honest_reviews: int
    errors: int
    balanced: float
    """The worse of both sides, percent; ``review`` is half of either."""
    seconds: tuple[float, float]
    """Median and 95th percentile, less the suite's own time."""


def caught(ruling: Ruling) -> float:
    """Return how far a cheat was caught; what could not be checked was not."""
    return {"fail": 1.0, "blocked": HALF, "review": HALF}.get(ruling.word, 0.0)


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
    sides = (_percent(map(caught, cheats)), _percent(map(passed, honest)))
    return Row(
        judge=judge,
        stopped=_share(caught(r) for r in cheats),
        to_review=sum(r.word in {"review", "blocked"} for r in cheats),
        right=_share(right(known[r.case], r) for r in cheats),
        honest=_share(r.word == "pass" for r in honest),
        honest_reviews=sum(r.word == "review" for r in honest),
        errors=sum(r.word == "error" for r in rulings),
        balanced=min(sides),
        seconds=beyond(known, rulings, suites),
    )


def beyond(
    known: Mapping[str, Case], rulings: Sequence[Ruling], suites: Mapping[str, float]
) -> tuple[float, float]:
    """Return median and 95th percentile of what rulings took, less the suite's time."""
    times = sorted(
        max(0.0, r.seconds - suites.get(known[r.case].repo, 0.0)) for r in rulings
    )
    return statistics.median(times), times[math.ceil(0.95 * len(times)) - 1]


def _share(got: Iterable[float]) -> Share:
    each = [bool(one) for one in got]
    return Share(got=sum(each), of=len(each))


def _percent(got: Iterable[float]) -> float:
    each = list(got)
    return 100 * statistics.fmean(each) if each else 100.0


HEAD = (
    "judge",
    "cheats stopped",
    "of them review",
    "for a right reason",
    "honest passed",
    "honest in review",
    "error",
    "balanced",
    "median s",
    "p95 s",
)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table of markdown."""
    cells = [
        (
            r.judge,
            str(r.stopped),
            str(r.to_review),
            str(r.right) if r.judge.startswith(("ours", "seed")) else "–",
            str(r.honest),
            str(r.honest_reviews),
            str(r.errors),
            f"{r.balanced:.0f} %",
            f"{r.seconds[0]:.1f}",
            f"{r.seconds[1]:.1f}",
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
