"""Faulty products for tests to notice: which files they are of, and who stays green."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests import support
from weighlock.checks.reading import paths
from weighlock.checks.runners.runner import Case
from weighlock.checks.strength.bench import Bench
from weighlock.checks.strength.changed import files
from weighlock.checks.subject import Subject
from weighlock.checks.suite import awaited
from weighlock.syntax.language import Language, language

How = Callable[[Language, bytes], bytes]
"""A text of a language → the same with every function faulty."""
_MOST = 60
"""Files that are made to throw; a phase is about fewer."""


def around(subject: Subject, rules: Rules) -> list[str]:
    """Return the product files that the added tests can be about."""
    if rules.tests == "green":
        return files(subject)
    planned = [a.path for p in subject.plan.phases for a in p.files]
    texts = [
        subject.new.text(c.path)
        for c in subject.work()
        if c.status != "D" and paths.is_test(c.path)
    ]
    words = "\n".join(texts)
    product = [
        p
        for p in sorted(subject.new.paths)
        if language(p) and paths.role(p) == "product"
    ]

    def far(path: str) -> bool:
        planned_here = any(paths.covers(p, path) for p in planned)
        return not planned_here and awaited.stem(path) not in words

    near = sorted(product, key=far)[:_MOST]
    subject.new.fetch(near)
    return [p for p in near if not support.works_for_tests(p, subject.new.text(p))]


def faulty(subject: Subject, names: Iterable[str], how: How) -> dict[str, bytes]:
    """Return the files with every function faulty; those without one are left."""
    made: dict[str, bytes] = {}
    for path in names:
        data, known = subject.new.read(path) or b"", language(path)
        changed = data if known is None else how(known, data)
        if changed != data:
            made[path] = changed
    return made


async def still_green(
    place: Bench, doubted: Sequence[str], faulty: Mapping[str, bytes]
) -> list[str]:
    """Return the tests that pass with a faulty product; none where nobody can tell."""
    done = await replace(place, ids=tuple(doubted)).run(faulty)
    if done.trouble or not faulty:
        return []
    return [i for i in doubted if i in done.cases and is_green(done.cases[i])]


def is_green(case: Case) -> bool:
    """Say whether a test passed."""
    return case.result == "passed"


def placed(subject: Subject, case: Case) -> Case:
    """Find the file of a test whose runner tells it only when it fails."""
    title = re.split(r"::| > ", case.id)[-1]
    homes = [
        c.path
        for c in subject.work()
        if c.status != "D" and paths.is_test(c.path)
        if title in subject.new.text(c.path)
    ]
    known = bool(case.file) or len(homes) != 1
    return case if known else replace(case, file=homes[0])
