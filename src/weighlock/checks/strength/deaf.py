"""Find added tests that do not notice the product: it throws, and they pass.

Every function of the files a test can be about is made to throw, and the tests in doubt
are run once more; those that stay green, which may have waited for a throw, once more
with every function empty.  One that is green through both runs none of the product, or
does not care.  That decides; what a test's text looks like only says which word fits.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from weighlock.checks import awaited, compare, paths, red, weak
from weighlock.checks.clean import Clean
from weighlock.checks.finding import Found, found
from weighlock.checks.kinds import Rules
from weighlock.checks.runners.runner import Case
from weighlock.checks.strength import bench
from weighlock.checks.strength.bench import Bench
from weighlock.checks.strength.changed import files
from weighlock.checks.strength.mutators import bodies, python
from weighlock.checks.subject import Subject
from weighlock.checks.tests import Pair
from weighlock.syntax.language import Language, language

_How = Callable[[Language, bytes], bytes]
_MOST = 60
"""Files that are made to throw; a phase is about fewer."""


async def look(
    subject: Subject, rules: Rules, clean: Clean, pairs: Sequence[Pair]
) -> list[Found]:
    """Judge the added tests that are in doubt; nothing is run when none is."""
    seen: list[Found] = []
    for pair in pairs:
        doubted = _doubted(subject, rules, pair)
        loud = _faulty(subject, bench.about(pair, _around(subject, rules)), _throwing)
        if not doubted or not loud or pair.after.trouble:
            continue
        place = await bench.prepare(subject, rules, clean, pair, doubted)
        deaf = await _still_green(place, doubted, loud)
        if deaf:
            deaf = await _still_green(place, deaf, _faulty(subject, loud, _silent))
        seen += _judge(subject, rules, pair, deaf, len(doubted))
    return seen


async def _still_green(
    place: Bench, doubted: Sequence[str], faulty: Mapping[str, bytes]
) -> list[str]:
    """Return the tests that pass with a faulty product; none where nobody can tell."""
    done = await replace(place, ids=tuple(doubted)).run(faulty)
    if done.trouble or not faulty:
        return []
    return [i for i in doubted if i in done.cases and _green(done.cases[i])]


def _green(case: Case) -> bool:
    return case.result == "passed"


def _doubted(subject: Subject, rules: Rules, pair: Pair) -> list[str]:
    """Return the added tests whose green says nothing yet.

    In a tdd phase that is every new test that passes before the work is done.  In any
    other it is all that were added, where nothing else speaks of the phase.
    """
    seen = compare.compare(pair.before.cases, pair.after.cases)
    new = [i for i in seen.added if _green(pair.after.cases[i])]
    if rules.tests == "red" or not new:
        return new if rules.tests == "red" else []
    if rules.tests != "green" or awaited.awaited(subject, pair.before.cases):
        return []
    old = [c.file for i, c in pair.after.cases.items() if c.file and i not in new]
    subject.old.fetch(old)
    return [] if any(awaited.speaks_of(subject, f) for f in set(old)) else new


def _around(subject: Subject, rules: Rules) -> list[str]:
    """Return the product files that the added tests can be about."""
    if rules.tests != "red":
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

    return sorted(product, key=far)[:_MOST]


def _faulty(subject: Subject, names: Iterable[str], how: _How) -> dict[str, bytes]:
    """Return the files with every function faulty; those without one are left."""
    faulty: dict[str, bytes] = {}
    for path in names:
        data, known = subject.new.read(path) or b"", language(path)
        changed = data if known is None else how(known, data)
        if changed != data:
            faulty[path] = changed
    return faulty


def _throwing(known: Language, data: bytes) -> bytes:
    sign = f"weighlock {secrets.token_hex(4)}"
    if known == "python":
        return python.throwing(data, sign)
    return bodies.throwing(known, data, sign)


def _silent(known: Language, data: bytes) -> bytes:
    return python.silent(data) if known == "python" else bodies.silent(known, data)


def _judge(
    subject: Subject, rules: Rules, pair: Pair, deaf: Sequence[str], doubted: int
) -> Iterator[Found]:
    said = list(weak.accusations(subject))
    if rules.tests != "red" and len(deaf) < doubted:
        return  # one of them looks at the work, and more were not asked for
    for name in deaf:
        case = pair.after.cases[name]
        why = next((a for a in said if a.means(case)), None)
        code = "mock-subject" if _MOCKS.search(red.body(subject, case)) else ""
        passes = f"{name} passes although everything that it could call is broken"
        if why is not None:
            message = f"{passes}, and {why.message}"
            yield found("fail", why.code, message, path=why.path, line=why.line)
        elif code:
            message = f"{passes}: it asks a stand-in of its own"
            yield found("fail", code, message, path=case.file or None)
        else:
            message = f"{passes}: it does not look at the product"
            yield found("review", "tautology", message, path=case.file or None)


_MOCKS = re.compile(
    r"\b(?:patch|Mock|MagicMock|AsyncMock|create_autospec|mocker|monkeypatch|sinon"
    r"|(?:vi|jest|mock)\.\w+)\b"
)
"""Stand-ins in a test that notices nothing else."""
