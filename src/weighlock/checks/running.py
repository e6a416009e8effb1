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

from weighlock.checks import paths
from weighlock.checks.checkout import write
from weighlock.checks.clean import Clean
from weighlock.checks.launch import Place, launch, shell
from weighlock.checks.runners import junit, pytest
from weighlock.checks.runners.runner import REPORT_LIMIT, Canary, Case, Output
from weighlock.checks.subject import Snapshot
from weighlock.checks.suite import Call
from weighlock.process import Finished

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
    canary = None if ids else _canary(call, files, product)
    if canary is not None:
        path = posixpath.join(call.folder, canary.path)
        write(place.tree, path, canary.text.encode())
    done = await _start(call, place, clean, report, canary, ids)
    return await asyncio.to_thread(_read, call, place, report, canary, done)


async def _start(
    call: Call,
    place: Place,
    clean: Clean,
    report: Path,
    canary: Canary | None,
    ids: Sequence[str],
) -> Finished:
    words = _words(call, place, report, canary, ids)
    near = place.tree / call.folder / "node_modules/.bin"
    place = replace(
        place,
        bins=(near, *place.bins),
        extra={**place.extra, **call.env},
        writes=(*place.writes, report.parent),
    )
    limit = clean.settings.command_s
    return await launch(words, place, timeout_s=limit, folder=call.folder)


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


def _canary(call: Call, files: Snapshot, product: Sequence[str]) -> Canary | None:
    """Make a canary beside a test that the call would find."""
    if call.runner is None:
        return None
    base = f"{call.folder}/" if call.folder else ""
    own = [p.removeprefix(base) for p in files.paths if p.startswith(base)]
    tests = [p for p in own if p.endswith(call.runner.suffixes) and paths.is_test(p)]
    asked = [w.partition("::")[0].removeprefix("./") for w in call.words[1:]]
    asked = [w for w in asked if any(paths.covers(w, p) for p in tests)]
    near = [p for p in tests if any(paths.covers(w, p) for w in asked)] or tests
    if not near:
        return None
    loads = [p.removeprefix(base) for p in product if p.startswith(base)]
    beside = secrets.choice(sorted(near))
    return call.runner.canary(f"c{secrets.token_hex(4)}", beside, loads)


def _read(
    call: Call, place: Place, report: Path, canary: Canary | None, done: Finished
) -> Run:
    output = done.stdout + b"\n" + done.stderr
    data: bytes | None = None
    if report.is_file() and report.stat().st_size <= REPORT_LIMIT:
        data = report.read_bytes()
    tree = (place.tree / call.folder).resolve()
    seen = Output(tree=tree, report=data, done=done)
    cases = junit.plain(data, tree) if call.runner is None else call.runner.read(seen)
    mine, others = _sort_out(cases or (), canary)
    return Run(
        command=call.text,
        runner=call.runner.name if call.runner else "custom",
        cases={c.id: _placed(c, call.folder, place.tree) for c in others},
        trouble=_trouble(call, cases, others, done),
        said=_tail(output),
        sign=_sign(canary, mine),
        exit_code=done.exit_code,
        duration_s=done.duration_s,
        output=output,
    )


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
    if cases is None:
        empty = runner is not None and re.search(runner.nothing_ran, text)
        return "zero-tests" if empty else "no-report"
    return "" if others else "zero-tests"


def _tail(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line]
    return "\n".join(lines[-12:])


def kept_at(scratch: Path, digest: str, call: Call, setup: Sequence[str]) -> Path:
    """Return where the run of a call on these files is kept."""
    key = json.dumps([digest, call.text, list(setup), call.folder])
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
