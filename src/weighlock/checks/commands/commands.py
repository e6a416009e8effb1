"""Layer 6: the plan's own commands, in a throw-away checkout, read as data."""

import asyncio
import re
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import replace

from weighlock.checks.commands import expect, renamed, searches
from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.place import running
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place, launch, shell
from weighlock.checks.reading import shellwords
from weighlock.checks.runners.call import RUNNERS, recognise
from weighlock.checks.runners.compare import RED
from weighlock.checks.subject import Subject
from weighlock.checks.suite.tests import Tests
from weighlock.errors import UncheckableError
from weighlock.plan.model import Command, Phase
from weighlock.plan.parts.steps import installs, why_no_check
from weighlock.ports import Store
from weighlock.process import Finished
from weighlock.run.evidence import Evidence

_WEIGHTS: dict[expect.Answer, tuple[Weight, str]] = {
    "unmet": ("fail", "expectation-unmet"),
    "error": ("error", "tool-missing"),
    "vacuous": ("note", "vacuous-check"),
    "unclear": ("note", "vacuous-check"),
}


_UNMET = "dependency-missing"


async def look(
    subject: Subject, phase: Phase, clean: Clean, store: Store, tests: Awaitable[Tests]
) -> list[Evidence]:
    """Run every command of a phase, in its order, in one checkout.

    ``tests`` is waited for only where a command says what the suite says.
    """
    if not phase.commands:
        return []
    try:
        place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    except UncheckableError as error:
        trouble = found("error", "dependency-missing", str(error))
        return [weigh("command:1", "command", [trouble], fine="", decides=False)]
    checks: list[Evidence] = []
    for number, command in enumerate(phase.commands, 1):
        name = f"command:{number}"
        if phase.key != subject.phase.key:
            name = f"command:{phase.key}:{number}"
        step = why_no_check(phase, number - 1)
        if step:
            told = weigh(name, "command", [], fine=step, decides=False)
            checks.append(replace(told, command=command.text))
            continue
        checks.append(await _one(subject, clean, store, tests, place, command, name))
    return checks


async def _one(  # noqa: PLR0913, PLR0917 - one step of look
    subject: Subject,
    clean: Clean,
    store: Store,
    tests: Awaitable[Tests],
    place: Place,
    command: Command,
    name: str,
) -> Evidence:
    limit = clean.settings.command_s
    done = await _start(command, place, limit)
    seen, fine = await _judge(subject, clean, tests, place, command, done)
    evidence = weigh(name, "command", seen, fine=fine, decides=not seen)
    output = done.stdout + (b"\n" + done.stderr if done.stderr else b"")
    return replace(
        evidence,
        command=command.text,
        exit_code=done.exit_code,
        duration_s=done.duration_s,
        evidence=await asyncio.to_thread(store.put, output),
    )


async def _start(command: Command, place: Place, limit: float) -> Finished:
    """Run a command; where it ends in ``| tail`` and must pass, all of it must."""
    strict = command.expect.form in {"pass", "fail", "exit"}
    if strict and shell().endswith("bash") and shellwords.shortened(command.text):
        return await launch(
            [shell(), "-o", "pipefail", "-c", command.text], place, timeout_s=limit
        )
    return await start(command.text, place, limit)


async def start(text: str, place: Place, limit: float) -> Finished:
    """Run one shell line as a person would type it at the repository's root."""
    return await launch([shell(), "-c", text], place, timeout_s=limit)


async def _judge(
    subject: Subject,
    clean: Clean,
    tests: Awaitable[Tests],
    place: Place,
    command: Command,
    done: Finished,
) -> tuple[list[Found], str]:
    missing = _missing(command.text, place, done)
    if missing:
        message = f"{missing} is not installed here: {command.text}"
        return [found("error", "tool-missing", message)], ""
    if done.timed_out:
        return [await _late(subject, clean, command)], ""
    if _ran_nothing(command, done):
        message = f"not one test ran: {command.text}"
        return [found("error", "zero-tests", message)], ""
    reading = expect.read(command, done)
    if reading.answer == "met":
        limit = clean.settings.command_s
        known = await renamed.look(subject, command, place, limit)
        return [*_said(subject, command), *known], reading.message
    if reading.answer == "unmet" and await _old(subject, clean, tests, place, command):
        message = "fails only in tests that this phase need not turn green"
        return [found("note", "old-failure", message)], message
    weight, code = _weight(reading, command, done)
    where = command.source
    hint = "; what must be installed, gate.setup installs" if code == _UNMET else ""
    return [
        found(
            weight,
            code,
            f"{command.text}: {reading.message}{hint}",
            path=where.file,
            line=where.line,
        )
    ], reading.message


def _said(subject: Subject, command: Command) -> Iterator[Found]:
    path = searches.only_said(subject, command)
    if path is not None:
        message = f"{command.text}: only a comment or a string holds it"
        yield found("review", "expectation-unmet", message, path=path)


def _weight(
    reading: expect.Reading, command: Command, done: Finished
) -> tuple[Weight, str]:
    weight, code = _WEIGHTS[reading.answer]
    if reading.answer == "unmet" and installs(command.text):
        return "error", _UNMET
    if reading.answer == "unmet" and command.expect.form in {"default", "pass", "exit"}:
        return weight, "command-failed"
    if reading.answer == "unclear" and done.exit_code != 0:
        return "review", "expectation-unmet"
    if reading.answer == "error" and done.exit_code == expect.GREP_TROUBLE:
        return _nowhere(command)
    return weight, code


def _nowhere(command: Command) -> tuple[Weight, str]:
    """A search in files that are not there: wanted hits are missing for sure."""
    wants = command.expect.form in {"min", "exact", "range", "pass", "contains"}
    return ("fail", "expectation-unmet") if wants else ("error", "vacuous-check")


def _missing(text: str, place: Place, done: Finished) -> str | None:
    """Return a program of the line that this machine does not have."""
    if done.exit_code == 0 and not done.missing:
        return None
    said = done.stderr.decode(errors="replace")
    for program in shellwords.programs(text):
        if "/" in program or place.find(program):
            continue
        if re.search(rf"\b{re.escape(program)}\b.*not found", said) or done.missing:
            return program
    return None


async def _late(subject: Subject, clean: Clean, command: Command) -> Found:
    """A time-out is the work's fault only where base is quicker."""
    limit = clean.settings.command_s
    place = await clean.checkout(subject.delivery.base, subject.delivery.base)
    before = await start(command.text, place, limit)
    if before.timed_out:
        return found(
            "error", "timed-out", f"did not end in {limit:g} s: {command.text}"
        )
    return found(
        "fail",
        "timed-out",
        f"did not end in {limit:g} s, and took {before.duration_s:.0f} s at base: "
        f"{command.text}",
    )


def _ran_nothing(command: Command, done: Finished) -> bool:
    text = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
    wants = command.expect.form in {"pass", "default", "exit", "fail"}
    return wants and any(
        _starts(command.text, name) and re.search(pattern, text)
        for name, pattern in ((r.name.split()[0], r.nothing_ran) for r in RUNNERS)
    )


def _starts(text: str, program: str) -> bool:
    words = [w for p in shellwords.parts(text) for w in p.words]
    return any(w.rsplit("/", 1)[-1] in {program, "npm", "pnpm", "yarn"} for w in words)


async def _old(
    subject: Subject,
    clean: Clean,
    tests: Awaitable[Tests],
    place: Place,
    command: Command,
) -> bool:
    """Say whether a test command fails only in tests that are red by right.

    "All pass" in a plan is read against what was red before, and is not this
    phase's to mend.  A tdd phase that names the suite and no outcome wants its new
    tests red; whether they are so for a right reason is what the tests' own check says.
    """
    if command.expect.form not in {"pass", "default"}:
        return False
    seen = await tests
    may = seen.forgiven
    if command.expect.form == "default":
        may |= seen.written
    if not may:
        return False
    text = shellwords.shortened(command.text) or command.text
    call = recognise(text, subject.new)
    if call is None:
        return False
    run = await running.run(call, place, clean, files=subject.new)
    failing: Sequence[str] = [i for i, c in run.cases.items() if c.result in RED]
    return bool(failing) and not run.trouble and may.issuperset(failing)
