"""Fuzz what reads the leavings of programs: any bytes are read or refused, in time.

Run ``make fuzz SECONDS=60``.  The first byte chooses the reader: of reports of
tests, one for each runner; of lines that ran; of faults that were noticed; of what a
reviewer answers and an agent claims; of a delivered program.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["weighlock.checks", "weighlock.markers", "weighlock.syntax"]
):
    from weighlock import markers, syntax
    from weighlock.checks.accusers import weak
    from weighlock.checks.claims import words
    from weighlock.checks.reading import tables
    from weighlock.checks.review import answers
    from weighlock.checks.runners.call import RUNNERS
    from weighlock.checks.runners.failing import failing
    from weighlock.checks.runners.runner import Output, Runner
    from weighlock.checks.strength import formats, stryker
    from weighlock.checks.strength.changed import Function
    from weighlock.process import Finished
    from weighlock.run.prompt import blocked_by, summary_of

    syntax.normal("a.ts", b"")  # loads what waits for a first text

RECORDED = Path(__file__).parent.parent / "tests/checks/recorded"
PLACE = Path(tempfile.mkdtemp(prefix="fuzz-"))
TEXT = "export const f = (x) => {\n  return x + 1;\n};\n"
FUNCTION = Function(
    path="src/a.js", name="f", line=1, end_line=3, fresh=frozenset({1, 2, 3})
)
NAMES = ("a.py", "a.ts", "a.tsx", "a.js", "a.rs", "a.go", "A.java", "package.json")
CONFIGURED = ("pyproject.toml", "package.json", "Cargo.toml", "setup.cfg", "pom.xml")


def report(runner: Runner, data: bytes) -> None:
    """Read a report of tests, told on every way that a runner may use."""
    done = Finished(exit_code=1, stdout=data, stderr=data[:99])
    seen = Output(tree=RECORDED, report=data, done=done, left=(data, data))
    cases = runner.read(seen)
    assert cases is None or len({c.id for c in cases}) == len(cases), "ids are unique"


def lines(data: bytes) -> None:
    """Read lines that ran, in each form."""
    one = PLACE / "coverage-1.json"
    one.write_bytes(data)
    formats.read(one, PLACE, ["src/a.js"])
    formats.golang(one, "example.com/kit", "", {"a.go": "package a\n"})
    formats.v8(PLACE, PLACE, {"src/a.js": TEXT})


def faults(data: bytes) -> None:
    """Read Stryker's report."""
    one = PLACE / "report.json"
    one.write_bytes(data)
    score = stryker.read(one, "", [FUNCTION])
    assert score is None or 0 <= score.noticed <= score.all, "a share is a share"


def said(data: bytes) -> None:
    """Read what agents and reviewers say."""
    text = data.decode(errors="replace")
    answers.read(text)
    words.read_claim(data)
    assert blocked_by(summary_of(text)) == blocked_by(text), "it is never cut away"


def program(name: str, data: bytes) -> None:
    """Read a delivered program, and what its tests ask."""
    markers.rows(data)
    syntax.outline(name, data)
    syntax.normal(name, data)
    failing(name, data, "f")
    weak.assertions(data.decode(errors="replace"))


def configuration(data: bytes) -> None:
    """Compare a delivered configuration with none and with itself."""
    for name in CONFIGURED:
        tables.differs(name, b"", data)
        assert tables.differs(name, data, data) is None, "nothing differs from itself"


READERS: tuple[Callable[[bytes], None], ...] = (
    *(partial(report, runner) for runner in RUNNERS),
    lines,
    faults,
    said,
    configuration,
    *(partial(program, name) for name in NAMES),
)


def one(data: bytes) -> None:
    """Read one input."""
    READERS[(data[0] if data else 0) % len(READERS)](data[1:])


def plant(corpus: Path) -> None:
    """Put what real runners left into an empty corpus, for each reader."""
    if any(corpus.iterdir()):
        return
    for path in RECORDED.iterdir():
        data = path.read_bytes()[:4095]
        for number in range(len(READERS)):
            (corpus / f"{number}-{path.name}").write_bytes(bytes([number]) + data)


if __name__ == "__main__":
    for given in sys.argv[1:]:
        if Path(given).is_dir():
            plant(Path(given))
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
