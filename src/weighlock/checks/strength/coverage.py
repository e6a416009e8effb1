"""Which of the changed lines do the tests run?

Covered changed lines over changed lines that can run.  What the figure rests on is
written by the process that runs the delivered code, so it can be forged there: it
tells an honest agent what it forgot, and is no proof against one that deceives.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from weighlock.checks.changes import protected
from weighlock.checks.finding import Found, found
from weighlock.checks.kinds import Rules
from weighlock.checks.markers import numbered
from weighlock.checks.place.checkout import restore
from weighlock.checks.place.clean import Clean
from weighlock.checks.strength import tracers
from weighlock.checks.strength.bench import about
from weighlock.checks.strength.changed import files, functions
from weighlock.checks.strength.formats import Covered, Lines
from weighlock.checks.subject import Subject
from weighlock.checks.suite.pair import Pair

SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Changed lines that could run, those that did not, and why nobody can tell."""

    could: int
    missed: tuple[tuple[str, int], ...] = ()
    """Path and first line of each stretch of lines that did not run."""
    lost: int = 0
    """How many lines did not run."""
    unknown: tuple[str, ...] = ()
    """Why some of it could not be measured, and what to do."""
    outside: tuple[str, ...] = ()
    """Changed files that no suite of the project can be about."""

    @property
    def percent(self) -> float:
        """Covered lines in percent; all of nothing is covered."""
        return 100.0 * (self.could - self.lost) / self.could if self.could else 100.0


async def measure(
    subject: Subject, rules: Rules, clean: Clean, pairs: tuple[Pair, ...]
) -> Share:
    """Run the suite once more, with what notes the lines that run."""
    left = set(files(subject))
    outside = left - {f for pair in pairs for f in about(pair, left)}
    covered: dict[str, frozenset[int]] = {}
    could: dict[str, frozenset[int]] = {}
    unknown: list[str] = []
    for pair in pairs:
        wanted = about(pair, left)
        if not wanted:
            continue
        place = await clean.checkout(subject.delivery.head, subject.delivery.base)
        protect = await asyncio.to_thread(protected.to_restore, subject, rules)
        await asyncio.to_thread(restore, place.tree, protect)
        said = await tracers.trace(pair, place, clean, subject, wanted)
        if isinstance(said, str):
            unknown.append(said)
            continue
        _add(said, could, covered)
        left -= could.keys() & set(wanted)
    if not unknown:
        never = left - could.keys() - outside
        for function in functions(subject):
            if function.path in never:
                unrun = Lines(function.fresh, frozenset())
                _add({function.path: unrun}, could, covered)
    return replace(_share(subject, could, covered, unknown), outside=tuple(outside))


def _add(
    said: Covered,
    could: dict[str, frozenset[int]],
    covered: dict[str, frozenset[int]],
) -> None:
    for path, lines in said.items():
        could[path] = could.get(path, frozenset()) | lines.could
        covered[path] = covered.get(path, frozenset()) | lines.did


def _share(
    subject: Subject,
    could: Mapping[str, frozenset[int]],
    covered: Mapping[str, frozenset[int]],
    unknown: list[str],
) -> Share:
    total = lost = 0
    missed: list[tuple[str, int]] = []
    for path, lines in sorted(could.items()):
        mine = {number for number, _ in numbered(subject, path)} & lines
        gone = sorted(mine - covered[path])
        total, lost = total + len(mine), lost + len(gone)
        missed += [(path, n) for n in gone if n - 1 not in gone]
    return Share(could=total, missed=tuple(missed), lost=lost, unknown=tuple(unknown))


def outside(files: Sequence[str], *, measured: bool) -> Found:
    """Say of which changed files nothing was measured; alone, that is no evidence."""
    names = ", ".join(sorted(files)[:3])
    message = f"no test suite that is known here is about {names}"
    return found("note" if measured else "error", "zero-tests", message)


def judge(share: Share, floor: float) -> Iterator[Found]:
    """Say which changed lines no test runs; too many of them are a failure."""
    for why in share.unknown:
        yield found("error", "tool-missing", why)
    if share.outside:
        yield outside(share.outside, measured=bool(share.could))
    if share.percent < floor:
        yield found(
            "fail",
            "uncovered-change",
            f"tests run {share.percent:.0f} % of the {share.could} changed lines; "
            f"{floor:g} % is asked for",
            path=share.missed[0][0],
            line=share.missed[0][1],
        )
    for path, line in share.missed[:SHOWN]:
        message = "no test runs this changed line"
        yield found("note", "uncovered-change", message, path=path, line=line)
