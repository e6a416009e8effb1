"""Layer 4, planned changes to old tests: do they still ask what they asked at base?

A plan may name an existing test file, and then its tests may change with the product.
So base's version of the file is run on the delivered product: what it still accepts was
not weakened, and what only the rewritten test accepts is worth a word.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence

from weighlock import syntax
from weighlock.checks.accusers import weak
from weighlock.checks.finding import Found, Weight, found
from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests import moved
from weighlock.checks.place import running
from weighlock.checks.place.checkout import restore
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.running import Run
from weighlock.checks.reading import language, paths
from weighlock.checks.runners.call import Call
from weighlock.checks.runners.compare import RED
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Snapshot, Subject
from weighlock.syntax.lexical import unquoted

_ASSERTS = re.compile(
    r"\bassert\w*|\bexpect\s*\(|\bt\.(?:is|equal|ok|deepEqual|throws)"
)
_ASKS = re.compile(
    r"assert|expect|check|verify|ensure|should|raise|require|must|panic|fail"
    r"|\bt\.(?:Err|Fat|is|ok|throws|deepEqual)|\bis\.",
    re.IGNORECASE,
)
"""What a test does that asks anything at all, in any of the languages."""
_UNEQUAL = re.compile(r"assert|expect|panic", re.IGNORECASE)


async def look(
    subject: Subject, rules: Rules, clean: Clean, call: Call, after: Run
) -> list[Found]:
    """Judge the old tests that the phase was allowed to change, and did."""
    changed = _changed(subject)
    if not changed or after.trouble:
        return []
    if rules.tests == "red":
        return list(_quieter(subject, changed))
    place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    old = [(path, subject.old.read(path)) for path in changed]
    await asyncio.to_thread(restore, place.tree, old)
    said = await running.run(call, place, clean, files=subject.new)
    judged = _judge(subject, rules, changed, said.cases, after.cases)
    return [*judged, *_emptied(subject, changed)]


def _changed(subject: Subject) -> list[str]:
    return [
        c.path
        for c in subject.changes
        if (c.status == "M" or moved.is_moved(subject, c.path))
        and paths.is_test(c.path)
        and not language.same_meaning(
            c.path, subject.old.read(c.path) or b"", subject.new.read(c.path) or b""
        )
    ]


def _judge(
    subject: Subject,
    rules: Rules,
    changed: Sequence[str],
    old: Mapping[str, Case],
    new: Mapping[str, Case],
) -> Iterator[Found]:
    fewer = {path for path in changed if _fewer(subject, path)}
    for name, case in sorted(new.items()):
        if case.file not in changed or case.result != "passed":
            continue
        before = old.get(name)
        if before is None or before.result not in RED:
            continue
        unequal = bool(_UNEQUAL.search(before.error or before.message))
        if not unequal and case.file not in fewer:
            continue  # a new name or signature: it could not even ask
        if moved.as_planned(subject, name, case.file):
            continue
        sure = unequal and case.file in fewer and rules.tests == "green"
        yield _weakened("fail" if sure else "review", name, case.file, before.message)
    for name in sorted(old.keys() - new.keys()):
        case = old[name]
        asked = _UNEQUAL.search(case.error or case.message)
        if case.file in changed and case.result in RED and asked:
            yield _weakened("review", name, case.file, case.message)


def _emptied(subject: Subject, changed: Sequence[str]) -> Iterator[Found]:
    """Find the old tests that still run and ask nothing any more."""
    for path in changed:
        asked, asks = _asking(subject.old, path), _asking(subject.new, path)
        for name in sorted(n for n, asks_it in asked.items() if asks_it):
            if not asks.get(name, True):
                message = f"{name} asserts nothing any more"
                yield found("review", "test-weakened", message, path=path)


def _asking(files: Snapshot, path: str) -> dict[str, bool]:
    """Say of each test whether it, or a function beside it that it calls, asserts."""
    lines = files.text(path).splitlines()
    nodes = syntax.nodes(path, files.read(path) or b"")
    texts = {
        n: unquoted(path, "\n".join(lines[n.line - 1 : n.end_line])) for n in nodes
    }
    beside = {n.name for n in nodes if n.kind != "test" and _ASKS.search(texts[n])}
    return {
        n.name: bool(_ASKS.search(texts[n]))
        or not beside.isdisjoint(re.findall(r"\w+(?=\()", texts[n]))
        for n in nodes
        if n.kind == "test"
    }


def _weakened(weight: Weight, name: str, path: str, message: str) -> Found:
    return found(
        weight,
        "test-weakened",
        f"{name} passes only as it was rewritten; as it stood at base it fails: "
        f"{message}",
        path=path,
    )


def _quieter(subject: Subject, changed: Sequence[str]) -> Iterator[Found]:
    """Before the product changes, an old test that asks less has no reason to."""
    for path in changed:
        if _fewer(subject, path):
            message = "existing tests assert less than they did at base"
            yield found("review", "test-weakened", message, path=path)


def _fewer(subject: Subject, path: str) -> bool:
    """Say whether any old test of a file lost an assertion."""
    old = _asserted(path, subject.old.text(path))
    new = _asserted(path, subject.new.text(path))
    return any(new.get(name, 0) < number for name, number in old.items())


def _asserted(path: str, text: str) -> dict[str, int]:
    """Count assertions by test; by file where tests cannot be told apart."""
    if path.endswith(".py"):
        return weak.assertions(text)
    return {"": len(_ASSERTS.findall(text))}
