"""Find red tests that a product would please that does next to nothing."""

import re
from collections.abc import Iterator, Sequence

from weighlock.checks.finding import Found, Weight, found
from weighlock.checks.kinds import Rules
from weighlock.checks.place.clean import Clean
from weighlock.checks.runners import compare
from weighlock.checks.runners.runner import Case
from weighlock.checks.strength import bench
from weighlock.checks.strength.bench import Bench
from weighlock.checks.strength.deaf.faulty import (
    How,
    around,
    faulty,
    placed,
    still_green,
)
from weighlock.checks.strength.mutators import bodies, python
from weighlock.checks.subject import Subject
from weighlock.checks.suite import red
from weighlock.checks.suite.pair import Pair
from weighlock.syntax.language import Language


async def look(
    subject: Subject, rules: Rules, clean: Clean, pairs: Sequence[Pair]
) -> list[Found]:
    """Judge the red tests of a tdd phase by products that do next to nothing.

    One calls what it is given and returns nothing; one answers whatever it is asked
    with the same, drawn by lot.  Where either turns every new test green, they ask for
    no behaviour.  One file of many may hold what must not happen, and is worth a word.
    """
    seen: list[Found] = []
    for pair in pairs if rules.tests == "red" else ():
        new = compare.compare(pair.before.cases, pair.after.cases).added
        ids = [i for i in new if red.is_red(pair.after.cases[i])]
        if not ids or pair.after.trouble:
            continue
        names = bench.about(pair, around(subject, rules))
        place: Bench | None = None
        for how, what in POOR:
            poor = faulty(subject, names, how)
            if not poor:
                continue
            place = place or await bench.prepare(subject, rules, clean, pair, ids)
            pleased = set(await still_green(place, ids, poor))
            every = len(pleased) == len(ids)
            if every or how is _idle:
                cases = [pair.after.cases[i] for i in ids]
                seen += _pleased(subject, cases, pleased, what)
            if every:
                break
    return seen


def _pleased(
    subject: Subject, cases: Sequence[Case], pleased: set[str], what: str
) -> Iterator[Found]:
    files: dict[str, list[str]] = {}
    for case in cases:
        files.setdefault(placed(subject, case).file, []).append(case.id)
    weight: Weight = "review" if len(pleased) == len(cases) else "note"
    for path, ids in files.items():
        if pleased.issuperset(ids):
            theatre = _CALLED.search(subject.new.text(path) if path else "")
            code = "mock-theatre" if theatre else "tautology"
            message = f"every new test here would pass if the product only {what}"
            yield found(weight, code, message, path=path or None)


_CALLED = re.compile(
    r"[cC]alled|awaited|[cC]all_?[cC]ounts?\b|\bspy|[mM]ock\b|sinon|\.calls\b"
)


def _idle(known: Language, data: bytes) -> bytes:
    return python.idle(data) if known == "python" else bodies.idle(known, data)


def _agreeing(known: Language, data: bytes) -> bytes:
    return data if known == "python" else bodies.agreeing(known, data)


POOR: tuple[tuple[How, str], ...] = (
    (_idle, "called what it is given and returned nothing"),
    (_agreeing, "gave the same made-up answer to everything"),
)
"""Products that do next to nothing, and what they do."""
