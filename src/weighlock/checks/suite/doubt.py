"""Layer 5: what a run says is doubted.

What passes may be said falsely: the product runs in the runner's own process, so it can
tell the runner what to write.  It cannot know which tests must fail: some of those that
pass are made to fail, and what is still said to pass is said falsely.
"""

import asyncio
import posixpath
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from weighlock.checks.finding import Found, found
from weighlock.checks.place.checkout import write
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place
from weighlock.checks.place.running import Run, run
from weighlock.checks.reading import paths
from weighlock.checks.runners.call import Call, test_files
from weighlock.checks.runners.compare import RED, compare
from weighlock.checks.runners.failing import failing
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Subject
from weighlock.checks.suite import awaited
from weighlock.tree import Change

_MADE = 3
"""Tests that are made to fail, each in a file of its own."""
_ALONG = 20
"""Tests that are run along with them, as they are."""
_SEARCHED = 100
"""Files that are searched for a test whose runner does not name its file."""
_SHORT_S = 1.0
"""A suite of fewer seconds is run whole: starting it is what takes time."""
_HELD = re.compile(r"(?<!\.py)(::\w+)/.*")
"""Go's ``::TestA/b``, which passes although ``TestA`` fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A suite in a checkout, to be run for some ids or for all."""

    call: Call
    place: Place
    clean: Clean
    subject: Subject

    async def __call__(self, ids: Sequence[str]) -> Run:
        """Run these tests, or all of them when none is named."""
        return await run(
            self.call, self.place, self.clean, files=self.subject.new, ids=ids
        )


async def look(ask: Asking, before: Run, after: Run) -> list[Found]:
    """Make some tests fail that pass, and see whether the report says so.

    Tests of base run without those that were delivered beside them, which load first
    and could change what they test.  A long suite is asked for a few tests only.  One
    that does not answer then is asked as it was before: nobody can tell such a run from
    one that is believed.

    Args:
        ask: The suite, in a checkout like the one of ``after``; its tests are changed.
        before: The run on base.
        after: The run that is doubted, without its flakes.
    """
    ids = await asyncio.to_thread(_matter, ask.subject, before, after)
    wager = await _wager(ask, ids, after, old=bool(ids) and ids[0] in before.cases)
    return [] if wager is None else await settle(ask.subject, wager, before, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wager:
    """Tests that were made to fail, and what the suite said then."""

    ask: Asking
    made: tuple[str, ...]
    word: str
    said: Run
    whole: bool
    """Whether the whole suite ran."""


def foreseen(subject: Subject, before: Run) -> list[str]:
    """Return the ids that a green phase is bound to turn green, as base tells them.

    None where the suite cannot be asked before it has run: which of the files that
    came along hold tests is seen only then.
    """
    if any(_is_beside(c) and subject.action(c.path) for c in subject.changes):
        return []
    return sorted(awaited.awaited(subject, before.cases))


async def ahead(ask: Asking, before: Run, ids: Sequence[str]) -> Wager | None:
    """Doubt what a phase is bound to turn green while its own run goes on.

    Args:
        ask: As for ``look``.
        before: The run on base; it tells where the tests are and how long they take.
        ids: What was foreseen.
    """
    return await _wager(ask, ids, before, old=True)


def holds(subject: Subject, wager: Wager, before: Run, after: Run) -> bool:
    """Say whether ``look`` could have drawn what was drawn ahead."""
    ids = _matter(subject, before, after)
    return bool(ids) and ids[0] in before.cases and set(wager.made) <= set(ids)


async def settle(
    subject: Subject, wager: Wager, before: Run, after: Run
) -> list[Found]:
    """Compare what was said with what must have been said."""
    ids = await asyncio.to_thread(_matter, subject, before, after)
    wrong = await _otherwise(wager.ask, wager.said, _beside(wager.made, ids, after))
    silent = _silent(wager.ask.call, wager.said) if wager.whole else ()
    return [*silent, *_untrue(wager.said, wager.made, wager.word), *wrong]


async def _wager(
    ask: Asking, ids: Sequence[str], known: Run, *, old: bool
) -> Wager | None:
    """Make some of these tests fail and run the suite; None when none can be made."""
    if ask.call.runner is None or not ids:
        return None
    if old:
        await asyncio.to_thread(_take_away, ask.subject, ask.place, known)
    word = secrets.token_hex(8)
    made = await asyncio.to_thread(_make, ask, known, ids, word)
    if not made:
        return None
    along = _beside(made, ids, known)
    said, whole = await _answer(ask, made, along, long=known.duration_s > _SHORT_S)
    return Wager(ask=ask, made=tuple(made), word=word, said=said, whole=whole)


async def _answer(
    ask: Asking, made: Sequence[str], along: Sequence[str], *, long: bool
) -> tuple[Run, bool]:
    """Return what the suite said, and whether all of it ran."""
    if long and ask.call.runner is not None and ask.call.runner.only is not None:
        said = await ask([*made, *along])
        if any(name in said.cases for name in made):
            return said, False
    return await ask(()), True


def _matter(subject: Subject, before: Run, after: Run) -> list[str]:
    """Return the ids that the phase turned green, or brought, or those it touches.

    Where some are gone or fail, nothing passes that could be doubted.
    """
    seen = compare(before.cases, after.cases)
    if seen.removed or seen.newly_failing:
        return []
    green = [i for i, c in after.cases.items() if c.result == "passed"]
    for new in (seen.newly_passing, seen.added):
        ids = [i for i in green if i in new]
        if ids:
            return ids
    files = {after.cases[i].file for i in green} - {""}
    near = {file for file in files if awaited.speaks_of(subject, file)}
    return [i for i in green if after.cases[i].file in near]


def _take_away(subject: Subject, place: Place, after: Run) -> None:
    """Remove the test files that came with the delivery, but for planned helpers."""
    holding = {case.file for case in after.cases.values()}
    for change in subject.changes:
        path = change.path
        if not _is_beside(change) or _leads_out(place, path):
            continue
        if path in holding or subject.action(path) is None:
            (place.tree / path).unlink(missing_ok=True)


def _is_beside(change: Change) -> bool:
    beside = paths.role(change.path) in {"test", "fixture", "harness"}
    return change.status == "A" and beside


def _make(ask: Asking, known: Run, ids: Sequence[str], word: str) -> list[str]:
    """Change test files so that a test of each fails; return the ids."""
    place = ask.place
    made: dict[str, str] = {}
    asked = sorted({_HELD.sub(r"\1", i) for i in ids} & known.cases.keys())
    secrets.SystemRandom().shuffle(asked)
    for name in _telling(ask, known, asked, word):
        if len(made) == _MADE or (made and len(ids) - len(made) == 1):
            break
        if name in made:
            continue
        for path in _files(ask.subject, ask.call, known.cases[name]):
            if path in made.values():
                break
            text = failing(path, _read(place, path), _title(name), word)
            if text is not None:
                write(place.tree, path, text)
                made[name] = path
                break
    return list(made)


def _telling(ask: Asking, known: Run, asked: Sequence[str], word: str) -> list[str]:
    """Put those first that say so when they pass whatever they expect."""

    def tells(name: str) -> bool:
        path = known.cases[name].file
        text = (
            failing(path, _read(ask.place, path), _title(name), word) if path else b""
        )
        return word.encode() in (text or b"")

    return [*filter(tells, asked[:_ALONG]), *asked]


def _files(subject: Subject, call: Call, case: Case) -> Iterable[str]:
    if case.file:
        return [case.file]
    return sorted(test_files(call, subject.new))[:_SEARCHED]


def _read(place: Place, path: str) -> bytes:
    target = place.tree / posixpath.normpath(path)
    inside = target.is_file() and not _leads_out(place, path)
    return target.read_bytes() if inside else b""


def _leads_out(place: Place, path: str) -> bool:
    target = place.tree / posixpath.normpath(path)
    return not target.resolve().is_relative_to(place.tree.resolve())


def _title(name: str) -> str:
    """Return a test's own name, with its class where that stands before it."""
    bare = re.sub(r"#\d+$", "", name)
    if " > " in bare:
        return bare.rpartition(" > ")[2]
    if "::" not in bare:
        return ".".join(bare.split(".")[-2:])
    file, _, rest = bare.partition("::")
    rest = re.sub(r"[\[(].*", "", rest, flags=re.DOTALL)
    if file.endswith(".py"):
        return rest.replace("::", ".")
    return rest.rpartition("::")[2].partition("/")[0]


def _beside(made: Iterable[str], ids: Iterable[str], after: Run) -> list[str]:
    """Return some of the other ids, first those in files that were changed."""
    titles = {_title(name) for name in made}
    files = {after.cases[name].file for name in made}
    rest = [name for name in ids if _title(name) not in titles]
    rest.sort(key=lambda name: after.cases[name].file not in files)
    return rest[:_ALONG]


def _silent(call: Call, said: Run) -> Iterator[Found]:
    """It answered before with a test that failed: the canary."""
    if said.trouble in {"no-report", "timed-out"}:
        message = f"{call.text}: with tests made to fail it does not report"
        yield found("error", said.trouble, message)


def _untrue(said: Run, made: Iterable[str], word: str) -> Iterator[Found]:
    for name in made:
        case = said.cases.get(name)
        if case is not None and case.result == "passed":
            why = "was made to fail and is reported as passed: the report is not true"
            yield found(
                "fail", "report-forged", f"{name} {why}", path=case.file or None
            )
        elif case is not None and word in case.message:
            why = "passes whatever it expects: what it expects was changed"
            yield found(
                "review", "test-weakened", f"{name} {why}", path=case.file or None
            )


async def _otherwise(ask: Asking, said: Run, along: Iterable[str]) -> list[Found]:
    """Accuse what passes in the whole run alone, and fails here more than once."""
    red = [n for n in along if n in said.cases and said.cases[n].result in RED]
    if not red or said.trouble:
        return []
    more = (await ask(red)).cases
    return [
        found(
            "review",
            "report-forged",
            f"{name} passes in the whole run and fails without the delivered tests "
            f"and beside fewer others: {more[name].message or more[name].error}",
            path=more[name].file or None,
        )
        for name in red
        if name in more and more[name].result in RED
    ]
