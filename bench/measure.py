"""Measure things beside a reference in the same run; a number alone says little."""

import gc
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    what: str
    seconds: float
    """Median."""
    beside: str
    reference: float
    """Median of the reference, seconds."""
    bar: float | None = None
    """Seconds that may not be exceeded; None where the ratio is the bar."""
    ratio_bar: float | None = None
    unit: str = ""
    """Of the numbers: empty for seconds, else ``MB`` or ``%`` (of one)."""

    @property
    def ratio(self) -> float:
        """Return how many times the reference it takes."""
        return self.seconds / self.reference if self.reference else float("inf")

    @property
    def met(self) -> bool:
        """Say whether the bars are kept."""
        within = self.bar is None or self.seconds <= self.bar
        return within and (self.ratio_bar is None or self.ratio <= self.ratio_bar)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    gc.collect()
    began = perf_counter()
    work()
    return perf_counter() - began


def beside(
    one: Callable[[], object], other: Callable[[], object], times: int
) -> tuple[float, float]:
    """Return the medians of two things, measured in turns after a first try of each."""
    one()
    other()
    pairs = [(timed(one), timed(other)) for _ in range(times)]
    return statistics.median(p[0] for p in pairs), statistics.median(
        p[1] for p in pairs
    )


def weighlock(*arguments: str, cwd: Path | None = None) -> None:
    """Run the command line as a whole process; its exit code does not matter."""
    _process("-m", "weighlock", *arguments, cwd=cwd)


def import_click() -> None:
    """Start Python and import click: the least that a command line costs."""
    _process("-c", "import click")


def _process(*arguments: str, cwd: Path | None = None) -> None:
    subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def table(rows: list[Row]) -> str:
    """Return the rows as aligned text."""
    wide = max(len(row.what) for row in rows)
    far = max(len(row.beside) for row in rows)
    head = f"{'':{wide}}  {'median':>10}  {'bar':>9}        {'beside':{far}}"
    lines = [f"{head}  {'median':>10}  {'ratio':>8}"]
    lines += [
        f"{row.what:{wide}}  {_shown(row.seconds, row.unit):>10}  {_bar(row):>9}  "
        f"{'ok' if row.met else 'MISS':4}  {row.beside:{far}}  "
        f"{_shown(row.reference, row.unit):>10}  {row.ratio:>7.2f}x"
        for row in rows
    ]
    return "\n".join(lines)


def _bar(row: Row) -> str:
    if row.ratio_bar is not None:
        return f"{row.ratio_bar:.2f}x"
    return _shown(row.bar, row.unit) if row.bar is not None else "-"


def _shown(seconds: float, unit: str = "") -> str:
    if unit:
        return f"{seconds:.1%}" if unit == "%" else f"{seconds:.1f} {unit}"
    if seconds >= 1000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
