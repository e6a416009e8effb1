"""A rule on commands that somebody ran before any work was done."""

from collections.abc import Iterator

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Problem

_MAKES = frozenset({"stub", "tdd", "impl", "integration", "migration"})


def trials(book: Book) -> Iterator[Problem]:
    """Yield phases all of whose commands pass before the first phase has begun.

    One command that passes is no fault: a test suite has to stay green.  A command
    that could not be judged may be the one that tells.
    """
    if book.ground is None or not book.ground.trials:
        return
    passed = {(t.phase, t.command): t.passed for t in book.ground.trials}
    for phase in book.plan.phases:
        results = [passed.get((phase.key, c.text)) for c in phase.commands]
        if phase.kind in _MAKES and results and all(results):
            count = len(results)
            said = (
                "its one command passes" if count == 1 else f"its {count} commands pass"
            )
            yield problem(
                "WL409-passes-already",
                f"phase {phase.key} cannot be told from no work: {said} already",
                phase.commands[0].source,
            )
