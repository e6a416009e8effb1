"""A checkout in which faulty versions of a file are tried, one after the other."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from weighlock.checks.changes import protected
from weighlock.checks.kinds import Rules
from weighlock.checks.place import running
from weighlock.checks.place.checkout import restore
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place
from weighlock.checks.place.running import Run
from weighlock.checks.reading import paths
from weighlock.checks.runners.call import Call
from weighlock.checks.runners.compare import RED
from weighlock.checks.subject import Subject
from weighlock.checks.suite import awaited
from weighlock.checks.suite.pair import Pair
from weighlock.syntax.language import Language, language

SLACK = 3.0
"""A faulty version may take so many times as long as the sound one, and 1 s."""

_RUNS: Mapping[str, frozenset[Language]] = {
    "pytest": frozenset({"python"}),
    "unittest": frozenset({"python"}),
    "node --test": frozenset({"javascript", "typescript", "tsx"}),
    "vitest": frozenset({"javascript", "typescript", "tsx"}),
    "jest": frozenset({"javascript", "typescript", "tsx"}),
    "cargo test": frozenset({"rust"}),
    "cargo nextest": frozenset({"rust"}),
    "go test": frozenset({"go"}),
    "Maven Surefire": frozenset({"java"}),
    "Gradle": frozenset({"java"}),
}
"""Runner → what its tests are about; another may be about anything."""
_REMARK: Mapping[Language, str] = {"python": "# {}\n"}
"""How a language says nothing; the others say it as C does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where one call is tried, and the tests that were green on the sound version."""

    call: Call
    place: Place
    clean: Clean
    subject: Subject
    ids: tuple[str, ...]

    async def run(self, faulty: Mapping[str, bytes]) -> Run:
        """Run the tests with other bytes in some files; put the files back."""
        await asyncio.to_thread(restore, self.place.tree, faulty.items())
        try:
            return await running.run(
                self.call, self.place, self.clean, files=self.subject.new, ids=self.ids
            )
        finally:
            back = [(path, self.subject.new.read(path)) for path in faulty]
            await asyncio.to_thread(restore, self.place.tree, back)

    def red(self, done: Run) -> tuple[str, ...]:
        """Return the tests that a faulty version turned red, or kept from running."""
        return tuple(
            i for i in self.ids if i not in done.cases or done.cases[i].result in RED
        )


def about(pair: Pair, files: Iterable[str]) -> list[str]:
    """Return the files that the tests of a call can be about."""
    known = _RUNS.get(pair.after.runner)
    return [f for f in files if known is None or language(f) in known]


async def prepare(
    subject: Subject, rules: Rules, clean: Clean, pair: Pair, ids: Iterable[str]
) -> Bench:
    """Make a checkout of the delivery, with what is protected as it was at base."""
    place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    protect = await asyncio.to_thread(protected.to_restore, subject, rules)
    await asyncio.to_thread(restore, place.tree, protect)
    return Bench(
        call=pair.call,
        place=place,
        clean=clean,
        subject=subject,
        ids=tuple(ids),
    )


async def set_up(
    subject: Subject, rules: Rules, clean: Clean, pair: Pair, files: Iterable[str]
) -> Bench | None:
    """Make a checkout, and see which tests are green while nothing is wrong.

    A remark is put at the end of every file first: a test that turns red because of
    it reads the program's text, and would call every fault by its name.  None when
    not one test stays green.
    """
    ids = await asyncio.to_thread(_killers, subject, pair)
    first = await prepare(subject, rules, clean, pair, ids)
    done = await first.run({path: _remarked(subject, path) for path in files})
    green = tuple(
        i for i in ids if i in done.cases and done.cases[i].result == "passed"
    )
    if done.trouble or not green:
        return None
    limit = SLACK * done.duration_s + 1.0
    call = replace(pair.call, limit_s=min(limit, clean.settings.command_s))
    return replace(first, call=call, ids=green)


def _remarked(subject: Subject, path: str) -> bytes:
    known = language(path)
    form = _REMARK.get(known, "// {}\n") if known else "\n"
    data = subject.new.read(path) or b""
    return data.rstrip(b"\n") + b"\n" + form.format("nothing is wrong here").encode()


def _killers(subject: Subject, pair: Pair) -> tuple[str, ...]:
    """Return the tests to try with: those that speak of the change, else all green."""
    green = [
        c
        for i, c in pair.after.cases.items()
        if c.result == "passed" and i not in pair.flaky and not re.search(r"#\d+\Z", i)
    ]
    new = {c.path for c in subject.work() if paths.is_test(c.path)}
    near = [
        c
        for c in green
        if c.file in new
        or pair.before.cases.get(c.id, c).result in RED
        or (c.file and awaited.speaks_of(subject, c.file))
    ]
    told = [c for c in green if c.file]
    return tuple(c.id for c in (near if near and len(told) == len(green) else green))
