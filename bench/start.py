"""Whole processes: what a person waits for after the return key."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.material import repository
from bench.measure import Row, beside, import_click, weighlock


def rows() -> Iterator[Row]:
    """Measure ``--help``, ``status``, ``show`` and ``lint`` from start to end."""
    with tempfile.TemporaryDirectory() as name:
        plan = repository(Path(name), 1000)
        cases = (
            ("weighlock --help", ("--help",), 0.1, 15),
            ("status: 1,000 phases, 20,000 events", ("status",), 0.3, 7),
            ("show: 1,000 phases", ("show", str(plan)), 1.0, 5),
            ("lint: 1,000 phases", ("lint", str(plan)), None, 5),
        )
        for what, arguments, bar, times in cases:
            mine, theirs = beside(
                lambda words=arguments: weighlock(*words, cwd=Path(name)),
                import_click,
                times,
            )
            yield Row(
                what=what,
                seconds=mine,
                beside='python -c "import click"',
                reference=theirs,
                bar=bar,
            )
