"""Finding markers: whole processes over generated trees, beside ripgrep.

Measured once on the origin's tree, on another day and machine, for a sense of scale:
sphinx-codelinks 4.5 s, lobster 81 s, StrictDoc 321 s for the second tree here (they
render or parse more than this); ripgrep took 0.074 s for one like the first.
"""

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row, beside, timed
from weighlock.git import Git
from weighlock.markers import scan

FILES, BYTES, MARKERS = 11_580, 112_000_000, 22_600
SMALL_FILES, SMALL_BYTES, SMALL_MARKERS = 1_000, 8_000_000, 40_000
PATTERN = r"@(plan|requirement|pseudocode)[: ]|->\s*[\w-]+~"
_WORDS = [
    "take",
    "bucket",
    "limit",
    "value",
    "store",
    "client",
    "token",
    "session",
    "retry",
    "state",
    "cache",
]
_CODE = """\
  const {0}Of = await this.{1}.{2}({0}, {{ {1}: 7 }});
import {{ {0}, {1} }} from '@scope/{2}/{0}.js';
  // {0} comes before the {1}
  if ({0}.{1} !== undefined) {{ return {2}.map((x) => x.{0}()); }}
"""
_PROSE = "The {0} of a {1} -> {2}: see ~/{0} and mail {1}@{2}.example.\n\n"
_MARKS = (
    " * @plan:PLAN-20251023-LARGE.P{:02}\n",
    "// @requirement REQ-LARGE-{:03}\n",
    " * @plan PLAN-20251023-LARGE.P{:02}a\n",
    " * @pseudocode lines {}-144\n",
)


def rows() -> Iterator[Row]:
    """Measure a large tree, cold and kept, and a small one full of markers."""
    with tempfile.TemporaryDirectory() as name:
        large, small = Path(name) / "large", Path(name) / "small"
        grow(large, files=FILES, size=BYTES, markers=MARKERS)
        grow(small, files=SMALL_FILES, size=SMALL_BYTES, markers=SMALL_MARKERS)
        kept = Path(name) / "kept"
        _process(large, kept)
        shown = f"{FILES:,} files, {BYTES // 10**6} MB"
        yield from _rows(f"markers, {shown}", large, None, 0.5)
        yield from _rows(f"markers, {shown}, with the cache", large, kept, 0.1)
        shown = f"{SMALL_FILES:,} files, {SMALL_MARKERS:,} markers"
        yield from _rows(f"markers, {shown}", small, None, 0.2)


def _rows(what: str, tree: Path, cache: Path | None, bar: float) -> Iterator[Row]:
    """Measure the whole process, and the call alone."""
    found = shutil.which("rg")
    name = "ripgrep" if found else "git grep"
    mine, theirs = beside(lambda: _process(tree, cache), lambda: _search(tree), 5)
    yield Row(what=what, seconds=mine, beside=name, reference=theirs, bar=bar)
    alone = min(timed(lambda: scan(tree, cache=cache)) for _ in range(5))
    yield Row(
        what="  the call alone, best of 5", seconds=alone, beside=name, reference=theirs
    )


def grow(root: Path, *, files: int, size: int, markers: int) -> None:
    """Write a repository: half code, half prose, markers in a tenth of the code."""
    chance = random.Random(7)  # noqa: S311 - a tree like any other
    every = 1 if files < markers // 10 else 10
    marked = [n for n in range(files // 2) if n % every == 0]
    each = -(-markers // len(marked))
    left = markers
    for number in range(files):
        is_code = number < files // 2
        text = _text(chance, _CODE if is_code else _PROSE, size // files)
        if is_code and number % every == 0:
            text = _marked(text, min(each, left))
            left -= min(each, left)
        folder = root / f"packages/p{number % 23}/src/d{number % 211}"
        folder.mkdir(parents=True, exist_ok=True)
        ending = "ts" if is_code else "md"
        (folder / f"file{number}.{ending}").write_text(text)
    git = Git(root)
    git.run("init", "-q")
    git.run("add", "-A")
    git.run("commit", "-q", "-m", "Grow")


def _text(chance: random.Random, form: str, size: int) -> str:
    wanted = chance.uniform(0.3, 1.7) * size
    parts = [form.format(*chance.sample(_WORDS, 3)) for _ in range(12)]
    block = "".join(parts)
    return block * max(1, round(wanted / len(block)))


def _marked(text: str, count: int) -> str:
    lines = text.splitlines(keepends=True)
    step = max(1, len(lines) // (count + 1))
    for at in range(count):
        mark = _MARKS[at % len(_MARKS)].format(at % 90 + 1)
        lines.insert(min(at * (step + 1), len(lines)), mark)
    return "".join(lines)


def _process(tree: Path, cache: Path | None) -> None:
    code = (
        "from pathlib import Path; from weighlock.markers import scan; "
        f"scan(Path({str(tree)!r}), cache={f'Path({str(cache)!r})' if cache else None})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _search(tree: Path) -> None:
    found = shutil.which("rg")
    words = [found, "-j2", "--no-heading", "-n", PATTERN, str(tree)]
    plain = ["git", "-C", str(tree), "grep", "-n", "-E", "@(plan|requirement)[: ]"]
    subprocess.run(
        [w for w in words if w] if found else plain,
        check=False,
        stdout=subprocess.DEVNULL,
    )
