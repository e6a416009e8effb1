"""Find added tests that do not notice the product: it throws, and they pass.

Every function of the files a test can be about is made to throw, and the tests in doubt
are run once more; those that stay green, which may have waited for a throw, once more
with every function empty and every constant another.  One that is green through both
runs none of the product, or does not care.  That decides; what a test's text looks like
only says which word fits, and lets off a test that speaks of a class or a constant.
"""

import re
import secrets
from collections.abc import (
    Collection,
    Iterable,
    Iterator,
    Sequence,
)
from dataclasses import dataclass

from weighlock import syntax
from weighlock.checks.accusers import weak
from weighlock.checks.accusers.weak import Accusation
from weighlock.checks.finding import Found, Weight, found
from weighlock.checks.kinds import Rules
from weighlock.checks.place.clean import Clean
from weighlock.checks.reading import paths
from weighlock.checks.runners import compare
from weighlock.checks.strength import bench
from weighlock.checks.strength.deaf.faulty import (
    around,
    faulty,
    is_green,
    placed,
    still_green,
)
from weighlock.checks.strength.mutators import bodies, grammar, python
from weighlock.checks.subject import Subject
from weighlock.checks.suite import awaited, red
from weighlock.checks.suite.pair import Pair
from weighlock.syntax.language import Language


async def look(
    subject: Subject, rules: Rules, clean: Clean, pairs: Sequence[Pair]
) -> list[Found]:
    """Judge the added tests that are in doubt; nothing is run when none is."""
    seen: list[Found] = []
    said = list(weak.accusations(subject))
    for pair in pairs:
        doubt = _doubt(subject, rules, pair, said)
        loud = faulty(subject, bench.about(pair, around(subject, rules)), _throwing)
        if not doubt.ids or not loud or pair.after.trouble:
            continue
        place = await bench.prepare(subject, rules, clean, pair, doubt.ids)
        deaf = await still_green(place, doubt.ids, loud)
        if deaf:
            deaf = await still_green(place, deaf, faulty(subject, loud, _silent))
        seen += _judge(_Deaf(subject, pair, tuple(loud), said), doubt, deaf)
    return seen


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Added tests whose green says nothing yet."""

    ids: tuple[str, ...]
    weight: Weight
    """Of a test that is deaf and looks it."""
    together: bool = False
    """Whether one that notices something speaks for all."""
    plain: bool = False
    """Whether one that is deaf, and looks like any other, is worth a word."""


def _doubt(
    subject: Subject, rules: Rules, pair: Pair, said: Iterable[Accusation]
) -> _Doubt:
    """Return the tests in doubt.

    In a tdd phase that is every new test that passes before the work is done.  In any
    other it is all that were added, where nothing else speaks of the phase, and those
    that look like mock theatre, where something does.
    """
    seen = compare.compare(pair.before.cases, pair.after.cases)
    new = tuple(i for i in seen.added if is_green(pair.after.cases[i]))
    if rules.tests == "red":
        return _Doubt(new, "fail", plain=True)
    if rules.tests != "green":
        return _Doubt(new if _replaces_tests(subject) else (), "review", plain=True)
    if new and not _something_speaks(subject, pair, new):
        return _Doubt(new, "fail", together=True, plain=True)
    mocks = [a for a in said if a.code.startswith("mock")]
    some = tuple(i for i in new if any(a.means(pair.after.cases[i]) for a in mocks))
    return _Doubt(some, "review")


def _replaces_tests(subject: Subject) -> bool:
    """Say whether a phase deletes tests by plan, and plans others in their place."""
    gone = {c.path for c in subject.changes if c.status == "D"}
    planned = [a for a in subject.planned if paths.is_test(a.path)]
    return any(a.action == "delete" and a.path in gone for a in planned) and any(
        a.action in {"create", "modify"} for a in planned
    )


def _something_speaks(subject: Subject, pair: Pair, new: Collection[str]) -> bool:
    """Say whether a test that is not new shows anything about the phase."""
    if awaited.awaited(subject, pair.before.cases):
        return True
    old = {c.file for i, c in pair.after.cases.items() if c.file and i not in new}
    subject.old.fetch(old)
    return any(awaited.speaks_of(subject, file) for file in old)


def _throwing(known: Language, data: bytes) -> bytes:
    sign = f"weighlock {secrets.token_hex(4)}"
    if known == "python":
        return python.throwing(data, sign)
    return bodies.throwing(known, data, sign)


def _silent(known: Language, data: bytes) -> bytes:
    if known == "python":
        return python.silent(python.shifted(data))
    return bodies.silent(known, grammar.shifted(known, data))


@dataclass(frozen=True, slots=True)
class _Deaf:
    """What is known about tests that notice nothing."""

    subject: Subject
    pair: Pair
    faulty: tuple[str, ...]
    said: Sequence[Accusation]

    def reason(self, name: str, doubt: _Doubt) -> Found | None:
        """Say what is wrong with one; None where it may be honest."""
        case = placed(self.subject, self.pair.after.cases[name])
        body = red.body(self.subject, case)
        passes = f"{name} passes although everything that it could call is broken"
        why = next((a for a in self.said if a.means(case)), None)
        if why is not None:
            message = f"{passes}, and {why.message}"
            return found(doubt.weight, why.code, message, path=why.path, line=why.line)
        path = case.file or None
        if _MOCKS.search(body):
            message = f"{passes}: it asks a stand-in of its own"
            return found(doubt.weight, "mock-subject", message, path=path)
        if not doubt.plain or self._speaks_of_a_value(body):
            return None
        message = f"{passes}: it does not look at the product"
        return found("review", "tautology", message, path=path)

    def _speaks_of_a_value(self, body: str) -> bool:
        """Say whether a test names what is no function: a class, a type, a constant."""
        words = set(re.findall(r"\w+", body))
        return any(not words.isdisjoint(_values(self.subject, p)) for p in self.faulty)


def _values(subject: Subject, path: str) -> set[str]:
    data = subject.new.read(path) or b""
    defined = {
        name
        for found_name in _DEFINED.finditer(subject.new.text(path))
        for name in found_name.groups()
        if name
    }
    functions = {n.name for n in syntax.nodes(path, data) if n.kind == "function"}
    return defined - functions


_DEFINED = re.compile(
    r"^\s*(?:(?:pub(?:\([^)]*\))?|export|default|public|private|static|final|abstract"
    r"|sealed|declare)\s+)*(?:class|const|let|var|enum|interface|type|struct|record"
    r"|trait|static)\s+(?:mut\s+)?(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


def _judge(seen: _Deaf, doubt: _Doubt, deaf: Sequence[str]) -> Iterator[Found]:
    if doubt.together and len(deaf) < len(doubt.ids):
        return  # one of them looks at the work, and more were not asked for
    for name in deaf:
        reason = seen.reason(name, doubt)
        if reason is not None:
            yield reason


_MOCKS = re.compile(
    r"\b(?:patch|Mock|MagicMock|AsyncMock|create_autospec|mocker|monkeypatch|sinon"
    r"|(?:vi|jest|mock)\.\w+)\b"
)
"""Stand-ins in a test that notices nothing else."""
