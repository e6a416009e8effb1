"""Lint over many plans, beside linters of other texts on as many bytes.

The plans are the ones in ``WEIGHLOCK_CORPUS``, or in ``../shared/corpus/plans``, or
generated.  ruff reads our own Python, repeated until it is as many bytes;
markdownlint-cli2 reads the same plans.  Whole processes.  A reference that is not on
PATH is named, and is not measured.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.material import repository
from bench.measure import Row, beside, weighlock

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "src" / "weighlock"
BAR_S = 0.25
"""What one small plan may take from the return key to the last line."""


def rows() -> Iterator[Row]:
    """Measure one small plan, and a corpus of them."""
    with tempfile.TemporaryDirectory() as name:
        yield from _small(Path(name) / "small")
        yield from _many(Path(name))


def _small(folder: Path) -> Iterator[Row]:
    folder.mkdir()
    plan = repository(folder, 5)
    for what, more in (("", ()), (" --no-repo", ("--no-repo",))):
        mine, theirs = beside(
            lambda words=more: weighlock("lint", str(plan), *words, cwd=folder),
            lambda: _quiet([sys.executable, "-c", "import click"]),
            9,
        )
        yield Row(
            what=f"lint{what}: a plan of 5 phases",
            seconds=mine,
            beside='python -c "import click"',
            reference=theirs,
            bar=BAR_S,
        )


def _many(folder: Path) -> Iterator[Row]:
    plans = _corpus() or _generated(folder / "plans")
    read = [p for p in plans.rglob("*.md") if p.is_file()]
    size = sum(p.stat().st_size for p in read)
    for name, reference in _references(folder, plans, size):
        mine, theirs = beside(
            lambda: weighlock("lint", "--no-repo", "-q", str(plans)), reference, 1
        )
        speed = f"{size / 1e6 / mine:.1f} MB/s, {len(read) / mine:.0f} files/s"
        yield Row(
            what=f"lint: {len(read)} files, {size / 1e6:.1f} MB ({speed})",
            seconds=mine,
            beside=name,
            reference=theirs,
        )


def _corpus() -> Path | None:
    given = Path(
        os.environ.get("WEIGHLOCK_CORPUS", ROOT.parent / "shared/corpus/plans")
    )
    return given if given.is_dir() else None


def _generated(folder: Path) -> Path:
    for number in range(50):
        plan = folder / f"p{number:02}"
        plan.mkdir(parents=True)
        repository(plan, 40)
    return folder


def _references(
    folder: Path, plans: Path, size: int
) -> Iterator[tuple[str, Callable[[], None]]]:
    ruff = shutil.which(
        "ruff", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    )
    if ruff is None:
        _absent("ruff")
    else:
        code = _python(folder / "python", size)
        call = [ruff, "check", "--isolated", "--no-cache", "--quiet", str(code)]
        yield "ruff on as many bytes of Python", lambda: _quiet(call)
    markdownlint = shutil.which("markdownlint-cli2")
    if markdownlint is None:
        _absent("markdownlint-cli2")
    else:
        words = [markdownlint, "--no-globs", "**/*.md"]
        yield "markdownlint-cli2 on the same", lambda: _quiet(words, cwd=plans)


def _absent(name: str) -> None:
    print(f"lint, not measured beside {name}: it is not installed", file=sys.stderr)


def _python(folder: Path, size: int) -> Path:
    """Copy our own modules until they are as many bytes."""
    folder.mkdir()
    sources = [p.read_bytes() for p in sorted(PYTHON.rglob("*.py"))]
    number = 0
    while size > 0:
        data = sources[number % len(sources)]
        (folder / f"m{number}.py").write_bytes(data)
        size, number = size - len(data), number + 1
    return folder


def _quiet(words: Sequence[str], cwd: Path | None = None) -> None:
    subprocess.run(
        words,
        cwd=cwd,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
