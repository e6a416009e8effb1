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
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace

from weighlock import syntax
from weighlock.checks import awaited, compare, paths, red, weak
from weighlock.checks.clean import Clean
from weighlock.checks.finding import Found, Weight, found
from weighlock.checks.kinds import Rules
from weighlock.checks.pair import Pair
from weighlock.checks.runners.runner import Case
from weighlock.checks.strength import bench
from weighlock.checks.strength.bench import Bench
from weighlock.checks.strength.changed import files
from weighlock.checks.strength.mutators import bodies, grammar, python
from weighlock.checks.subject import Subject
from weighlock.checks.weak import Accusation
from weighlock.syntax.language import Language, language

_How = Callable[[Language, bytes], bytes]
_MOST = 60
"""Files that are made to throw; a phase is about fewer."""


async def look(
    subject: Subject, rules: Rules, clean: Clean, pairs: Sequence[Pair]
) -> list[Found]:
    """Judge the added tests that are in doubt; nothing is run when none is."""
    seen: list[Found] = []
    said = list(weak.accusations(subject))
    for pair in pairs:
        doubt = _doubt(subject, rules, pair, said)
        loud = _faulty(subject, bench.about(pair, _around(subject, rules)), _throwing)
        if not doubt.ids or not loud or pair.after.trouble:
            continue
        place = await bench.prepare(subject, rules, clean, pair, doubt.ids)
        deaf = await _still_green(place, doubt.ids, loud)
        if deaf:
            deaf = await _still_green(place, deaf, _faulty(subject, loud, _silent))
        seen += _judge(_Deaf(subject, pair, tuple(loud), said), doubt, deaf)
    return seen


async def content(
    subject: Subject, rules: Rules, clean: Clean, pairs: Sequence[Pair]
) -> list[Found]:
    """Judge the red tests of a tdd phase by a product that does next to nothing.

    It calls what it is given and returns nothing.  Where that turns every new test
    green, they ask for no behaviour: a call is all that they wait for.  One file of
    many may hold what must not happen, and is worth a word.
    """
    seen: list[Found] = []
    for pair in pairs if rules.tests == "red" else ():
        new = compare.compare(pair.before.cases, pair.after.cases).added
        ids = [i for i in new if red.is_red(pair.after.cases[i])]
        idle = _faulty(subject, bench.about(pair, _around(subject, rules)), _idle)
        if not ids or not idle or pair.after.trouble:
            continue
        place = await bench.prepare(subject, rules, clean, pair, ids)
        pleased = await _still_green(place, ids, idle)
        seen += _pleased(subject, [pair.after.cases[i] for i in ids], set(pleased))
    return seen


def _pleased(
    subject: Subject, cases: Sequence[Case], pleased: set[str]
) -> Iterator[Found]:
    files: dict[str, list[str]] = {}
    for case in cases:
        files.setdefault(_placed(subject, case).file, []).append(case.id)
    weight: Weight = "review" if len(pleased) == len(cases) else "note"
    for path, ids in files.items():
        if pleased.issuperset(ids):
            theatre = _CALLED.search(subject.new.text(path) if path else "")
            code = "mock-theatre" if theatre else "tautology"
            message = (
                "every new test here would pass if the product only called what it is "
                "given and returned nothing"
            )
            yield found(weight, code, message, path=path or None)


_CALLED = re.compile(
    r"[cC]alled|awaited|[cC]all_?[cC]ounts?\b|\bspy|[mM]ock\b|sinon|\.calls\b"
)


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
    new = tuple(i for i in seen.added if _green(pair.after.cases[i]))
    if rules.tests == "red":
        return _Doubt(new, "fail", plain=True)
    if rules.tests != "green":
        return _Doubt((), "note")
    if new and not _something_speaks(subject, pair, new):
        return _Doubt(new, "fail", together=True, plain=True)
    mocks = [a for a in said if a.code.startswith("mock")]
    some = tuple(i for i in new if any(a.means(pair.after.cases[i]) for a in mocks))
    return _Doubt(some, "review")


def _something_speaks(subject: Subject, pair: Pair, new: Collection[str]) -> bool:
    """Say whether a test that is not new shows anything about the phase."""
    if awaited.awaited(subject, pair.before.cases):
        return True
    old = {c.file for i, c in pair.after.cases.items() if c.file and i not in new}
    subject.old.fetch(old)
    return any(awaited.speaks_of(subject, file) for file in old)


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
    if known == "python":
        return python.silent(python.shifted(data))
    return bodies.silent(known, grammar.shifted(known, data))


def _idle(known: Language, data: bytes) -> bytes:
    return python.idle(data) if known == "python" else bodies.idle(known, data)


@dataclass(frozen=True, slots=True)
class _Deaf:
    """What is known about tests that notice nothing."""

    subject: Subject
    pair: Pair
    faulty: tuple[str, ...]
    said: Sequence[Accusation]

    def reason(self, name: str, doubt: _Doubt) -> Found | None:
        """Say what is wrong with one; None where it may be honest."""
        case = _placed(self.subject, self.pair.after.cases[name])
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


def _placed(subject: Subject, case: Case) -> Case:
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


_MOCKS = re.compile(
    r"\b(?:patch|Mock|MagicMock|AsyncMock|create_autospec|mocker|monkeypatch|sinon"
    r"|(?:vi|jest|mock)\.\w+)\b"
)
"""Stand-ins in a test that notices nothing else."""
