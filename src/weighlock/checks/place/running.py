"""Run a suite in a clean checkout and read what its runner reports, test by test."""

import asyncio
import hashlib
import json
import posixpath
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from weighlock.checks.place.checkout import write
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place, launch, shell
from weighlock.checks.runners import junit, reports
from weighlock.checks.runners.call import Call, canary_for
from weighlock.checks.runners.runner import (
    REPORT_LIMIT,
    Canary,
    Case,
    Output,
)
from weighlock.checks.runners.tools import pytest
from weighlock.checks.subject import Snapshot
from weighlock.process import Finished

_FORM = 3
"""Of ids and of what is remembered; another number forgets it all."""

_CRASHES = 25
"""Times that a suite is gone on with behind a test that crashed."""

Sign = Literal["failed", "passed", "absent", "none"]
"""What became of the canary; none: there was no way to add one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one call: cases by id, or why there are none."""

    command: str
    runner: str
    cases: Mapping[str, Case]
    trouble: str = ""
    """A reason code when there is no usable report."""
    said: str = ""
    """The last lines the runner printed."""
    sign: Sign = "none"
    exit_code: int | None = None
    duration_s: float = 0.0
    output: bytes = b""


async def run(
    call: Call,
    place: Place,
    clean: Clean,
    *,
    files: Snapshot,
    product: Sequence[str] = (),
    ids: Sequence[str] = (),
) -> Run:
    """Run a suite once.

    Args:
        call: How it is started.
        place: The checkout.
        clean: For folders outside the checkout, where the report goes.
        files: What the checkout was made from, to find a place for the canary.
        product: Changed product files; a canary loads them where it must.
        ids: Only these tests; every one when empty.
    """
    report = clean.new("report") / f"{secrets.token_hex(4)}.xml"
    canary = None if ids else await asyncio.to_thread(canary_for, call, files, product)
    if canary is not None:
        path = posixpath.join(call.folder, canary.path)
        write(place.tree, path, canary.text.encode())
    tree = (place.tree / call.folder).resolve()
    await asyncio.to_thread(reports.prepare, call.runner, tree, report)

    async def once(ids: Sequence[str]) -> Run:
        done = await _start(call, place, clean, report, canary, ids)
        return await asyncio.to_thread(_read, call, place, report, canary, done)

    seen = await once(ids)
    for _ in range(_CRASHES):
        left = await asyncio.to_thread(_left, call, tree, seen, canary, ids)
        more = await once(left) if left else seen
        if more.cases.keys() <= seen.cases.keys() and more.sign in {
            seen.sign,
            "absent",
        }:
            break
        seen = _joined(seen, more)
    return seen


def _left(
    call: Call, tree: Path, seen: Run, canary: Canary | None, ids: Sequence[str]
) -> list[str]:
    """Return the tests that did not run because one before them crashed."""
    if call.runner is None or call.runner.left is None or seen.trouble:
        return []
    left = call.runner.left(tree, seen.cases)
    if canary is not None and seen.sign != "absent":
        left = [i for i in left if canary.name not in i]
    return [i for i in left if i in ids] if ids else left


def _joined(seen: Run, more: Run) -> Run:
    return replace(
        seen,
        cases={**more.cases, **seen.cases},
        sign=more.sign if seen.sign == "absent" else seen.sign,
        duration_s=seen.duration_s + more.duration_s,
        output=reports.shortened(seen.output + b"\n" + more.output),
    )


async def _start(
    call: Call,
    place: Place,
    clean: Clean,
    report: Path,
    canary: Canary | None,
    ids: Sequence[str],
) -> Finished:
    near = place.tree / call.folder / "node_modules/.bin"
    reads = [Path.home() / name for name in call.runner.reads] if call.runner else []
    place = replace(
        place,
        bins=(near, *place.bins),
        extra={**place.extra, **call.env},
        reads=(*place.reads, *reads),
        writes=(*place.writes, report.parent),
    )
    limit = call.limit_s or clean.settings.command_s
    if call.first:
        words = [shell(), "-c", call.first]
        built = await launch(words, place, timeout_s=limit, folder=call.folder)
        if built.exit_code != 0:
            return built
    return await launch(
        _words(call, place, report, canary, ids),
        place,
        timeout_s=limit,
        folder=call.folder,
        limit=REPORT_LIMIT,
    )


def _words(
    call: Call,
    place: Place,
    report: Path,
    canary: Canary | None,
    ids: Sequence[str],
) -> list[str]:
    runner = call.runner
    if runner is None:
        return [shell(), "-c", call.text.replace("{report}", str(report))]
    words = list(call.words)
    if words[0] == "pytest" and place.find("pytest") is None:
        words = [*pytest.fallback(), *words[1:]]
    if ids and runner.only is not None:
        words = runner.only(words, ids)
    elif canary is not None and _names_files(words, place.tree / call.folder):
        words = [*words, canary.path]
    return runner.reporting(words, report)


def _names_files(words: Iterable[str], tree: Path) -> bool:
    return any((tree / w.partition("::")[0]).is_file() for w in list(words)[1:])


def _read(
    call: Call, place: Place, report: Path, canary: Canary | None, done: Finished
) -> Run:
    output = done.stdout + b"\n" + done.stderr
    tree = (place.tree / call.folder).resolve()
    seen = reports.gather(call.runner, tree, report, done)
    cases = _cases(call, seen)
    mine, others = _sort_out(cases or (), canary)
    return Run(
        command=call.text,
        runner=call.runner.name if call.runner else "custom",
        cases={c.id: _placed(c, call.folder, place.tree) for c in others},
        trouble=_trouble(call, cases, others, done),
        said=reports.tail(output),
        sign=_sign(canary, mine),
        exit_code=done.exit_code,
        duration_s=done.duration_s,
        output=reports.shortened(output),
    )


def _cases(call: Call, seen: Output) -> tuple[Case, ...] | None:
    if call.runner is None:
        return junit.plain(seen.report, seen.tree)
    return call.runner.read(seen)


def _sort_out(
    cases: Iterable[Case], canary: Canary | None
) -> tuple[list[Case], list[Case]]:
    mine: list[Case] = []
    others: list[Case] = []
    for case in cases:
        is_mine = canary is not None and (
            canary.name in case.id or case.id.endswith(canary.path)
        )
        (mine if is_mine else others).append(case)
    return mine, others


def _placed(case: Case, folder: str, tree: Path) -> Case:
    """Name files from the repository's root, whatever folder the suite ran in."""
    case = replace(case, message=case.message.replace(f"{tree}/", ""))
    if not folder:
        return case
    file, frame = (
        posixpath.join(folder, p) if p else "" for p in (case.file, case.frame)
    )
    return replace(case, file=file, frame=frame)


def _sign(canary: Canary | None, mine: list[Case]) -> Sign:
    if canary is None:
        return "none"
    if not mine:
        return "absent"
    return "failed" if any(c.result in {"failed", "error"} for c in mine) else "passed"


def _trouble(call: Call, cases: object, others: Sequence[Case], done: Finished) -> str:
    text = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
    if done.missing:
        return "tool-missing"
    if done.timed_out:
        return "timed-out"
    runner = call.runner
    if runner is not None and re.search(runner.broken, text, re.MULTILINE):
        return "broken"
    if call.first and cases is None and done.exit_code:
        return "broken"
    if cases is None:
        empty = runner is not None and re.search(runner.nothing_ran, text)
        return "zero-tests" if empty else "no-report"
    return "" if others else "zero-tests"


def kept_at(scratch: Path, digest: str, call: Call, setup: Sequence[str]) -> Path:
    """Return where the run of a call on these files is kept."""
    key = json.dumps([_FORM, digest, call.text, list(setup), call.folder])
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    return scratch / "baseline" / f"{name}.json"


def remembered(path: Path) -> Run | None:
    """Return the run that is kept there, or None."""
    try:
        data = json.loads(path.read_bytes())
        cases = {k: Case(**v) for k, v in data.pop("cases").items()}
        return Run(cases=cases, **data)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(path: Path, done: Run) -> None:
    """Keep a run on base; only one that can be trusted to be the same again."""
    if done.trouble in {"tool-missing", "timed-out"}:
        return
    data = {**asdict(replace(done, output=b"")), "cases": {}}
    data["cases"] = {k: asdict(v) for k, v in done.cases.items()}
    del data["output"]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{secrets.token_hex(4)}")
    beside.write_text(json.dumps(data))
    beside.replace(path)
