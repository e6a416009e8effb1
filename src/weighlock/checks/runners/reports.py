"""The report of one run: where it may lie, and what is taken for it."""

import re
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG

from weighlock.checks.runners.runner import REPORT_LIMIT, Output, Runner
from weighlock.process import Finished

_KEPT = 4 * 1024 * 1024
"""Bytes kept of the beginning, and as many of the end, of what a run printed."""
_TOLD = 64 * 1024
"""Bytes of the end that its last words are looked for in."""
_COLOUR = re.compile(r"\x1b\[[\d;]*[A-Za-z]")


def prepare(runner: Runner | None, tree: Path, report: Path) -> None:
    """Take away what a report could be mistaken for, and configure the runner."""
    if runner is None:
        return
    for path in _left(runner, tree):
        path.unlink()
    if runner.config:
        text = runner.config.replace("@", str(report))
        report.with_suffix(".toml").write_text(text)


def gather(runner: Runner | None, tree: Path, report: Path, done: Finished) -> Output:
    """Return what a run left in its tree and at the place it was asked to report to."""
    left = _left(runner, tree) if runner else []
    return Output(tree=tree, report=_bytes(report), done=done, left=_all(left))


def _left(runner: Runner, tree: Path) -> list[Path]:
    """Return the reports where the runner leaves them; what lies elsewhere is none."""
    found = sorted(p for glob in runner.leaves for p in tree.glob(glob))
    return [p for p in found if p.is_file() and p.resolve().is_relative_to(tree)]


def _bytes(report: Path) -> bytes | None:
    """Read a plain file of bearable size; a link, a pipe and a folder are none."""
    try:
        stat = report.lstat()
        if not S_ISREG(stat.st_mode) or stat.st_size > REPORT_LIMIT:
            return None
        return report.read_bytes()
    except OSError:
        return None


def _all(found: Sequence[Path]) -> tuple[bytes, ...]:
    """Read the reports that were left; nothing when together they are too long."""
    if sum(path.lstat().st_size for path in found) > REPORT_LIMIT:
        return ()
    return tuple(data for data in map(_bytes, found) if data is not None)


def shortened(output: bytes) -> bytes:
    """Return the beginning and the end of what a run printed."""
    if len(output) <= 2 * _KEPT:
        return output
    return output[:_KEPT] + b"\n[...]\n" + output[-_KEPT:]


def tail(output: bytes) -> str:
    """Return the last lines of what a run printed, without colours."""
    text = _COLOUR.sub("", output[-_TOLD:].decode(errors="replace"))
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-12:])
