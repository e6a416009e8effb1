"""Layer 5: what a run says is doubted, both ways.

What fails is run again on the same tree: it may be a flake.

What passes may be said falsely: the product runs in the runner's own process, so it can
tell the runner what to write.  It cannot know which tests must fail: some of those that
pass are made to fail, and what is still said to pass is said falsely.
"""

import asyncio
import posixpath
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from weighlock.checks import awaited, paths, running
from weighlock.checks.checkout import write
from weighlock.checks.clean import Clean
from weighlock.checks.compare import RED, compare
from weighlock.checks.finding import Found, found
from weighlock.checks.launch import Place
from weighlock.checks.runners.failing import failing
from weighlock.checks.runners.runner import Case
from weighlock.checks.running import Run
from weighlock.checks.subject import Subject
from weighlock.checks.suite import Call, test_files

RERUN_LIMIT = 50
"""More failures than this are no flakes; they are not run again."""
RERUNS = 5
RERUN_S = 2.0
"""Seconds after which no rerun is begun any more."""

_MADE = 3
"""Tests that are made to fail, each in a file of its own."""
_ALONG = 20
"""Tests that are run along with them, as they are."""
_SEARCHED = 100
"""Files that are searched for a test whose runner does not name its file."""
_SHORT_S = 1.0
"""A suite of fewer seconds is run whole: starting it is what takes time."""


async def again(
    subject: Subject, clean: Clean, place: Place, call: Call, before: Run, after: Run
) -> tuple[Run, tuple[str, ...]]:
    """Run what fails again on the same tree; return the run and the flakes in it."""
    seen = compare(before.cases, after.cases)
    new = [i for i in seen.added if after.cases[i].result in RED]
    left = [*seen.newly_failing, *new]
    if not left or len(left) > RERUN_LIMIT or after.trouble:
        return after, ()
    cases, flaky, end = dict(after.cases), list[str](), time.monotonic() + RERUN_S
    for _ in range(RERUNS):
        more = await running.run(call, place, clean, files=subject.new, ids=left)
        fine = [i for i in left if i in more.cases and more.cases[i].result == "passed"]
        cases |= {i: more.cases[i] for i in fine}
        flaky += fine
        left = [i for i in left if i not in fine]
        if not left or time.monotonic() > end:
            break
    return replace(after, cases=cases), tuple(flaky)


async def look(
    subject: Subject, clean: Clean, place: Place, call: Call, before: Run, after: Run
) -> list[Found]:
    """Make some tests fail that pass, and see whether the report says so.

    Tests of base run without those that were delivered beside them, which load first
    and could change what they test.  A long suite is asked for a few tests only.  One
    that does not answer then is asked as it was before: nobody can tell such a run from
    one that is believed.

    Args:
        subject: What was delivered.
        clean: For the report.
        place: A checkout like the one of ``after``; its tests are changed.
        call: How the suite is started.
        before: The run on base.
        after: The run that is doubted, without its flakes.
    """
    ids = await asyncio.to_thread(_matter, subject, before, after)
    if call.runner is None or not ids:
        return []
    if ids[0] in before.cases:
        await asyncio.to_thread(_take_away, subject, place, after)
    word = secrets.token_hex(8)
    made = await asyncio.to_thread(_make, subject, call, place, after, ids, word)
    if not made:
        return []
    ask = _Asking(call=call, place=place, clean=clean, subject=subject)
    along = _beside(made, ids, after)
    if call.runner.only is not None and after.duration_s > _SHORT_S:
        said = await ask([*made, *along])
        if any(name in said.cases for name in made):
            return [*_untrue(said, made, word), *await _otherwise(ask, said, along)]
    said = await ask(())
    wrong = await _otherwise(ask, said, along)
    return [*_silent(call, said), *_untrue(said, made, word), *wrong]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """A suite in a checkout, to be run for some ids or for all."""

    call: Call
    place: Place
    clean: Clean
    subject: Subject

    async def __call__(self, ids: Sequence[str]) -> Run:
        files = self.subject.new
        return await running.run(
            self.call, self.place, self.clean, files=files, ids=ids
        )


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
        beside = paths.role(path) in {"test", "fixture", "harness"}
        if change.status != "A" or not beside or _leads_out(place, path):
            continue
        if path in holding or subject.action(path) is None:
            (place.tree / path).unlink(missing_ok=True)


def _make(
    subject: Subject,
    call: Call,
    place: Place,
    after: Run,
    ids: Sequence[str],
    word: str,
) -> list[str]:
    """Change test files so that a test of each fails; return the ids."""
    made: dict[str, str] = {}
    asked = sorted(ids)
    secrets.SystemRandom().shuffle(asked)
    for name in asked:
        if len(made) == _MADE or (made and len(ids) - len(made) == 1):
            break
        for path in _files(subject, call, after.cases[name]):
            if path in made.values():
                break
            text = failing(path, _read(place, path), _title(name), word)
            if text is not None:
                write(place.tree, path, text)
                made[name] = path
                break
    return list(made)


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


async def _otherwise(ask: _Asking, said: Run, along: Iterable[str]) -> list[Found]:
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
