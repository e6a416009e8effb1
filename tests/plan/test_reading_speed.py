"""Reading stays fast, whatever the text."""

import time

import pytest

from weighlock.errors import PlanError
from weighlock.plan.model import Source
from weighlock.plan.read import read

LINES = 100_000
CASES = {
    "open fences": "```bash\n",
    "shown documents": "```markdown\n",
    "bare fences": "\n```\nx\n",
    "comments": "<!--\n",
    "tables": "| a | b |\n|---|---|\n",
    "apostrophes": "```bash\necho don't\n",
    "here-documents": "cat <<EOF\n",
    "paths": "- `" + "../" * 20 + "a`\n",
    "ids": "- REQ-A-001 through REQ-A-199\n",
    "boxes": "- [ ] 1.1 x\n",
}
# Lines that a pattern once looked at again from each of their blanks or letters.
LONG = {
    "blank rulers": "a|\n" + " " * 1800 + "-|x\n",
    "blank headings": "## Phase 1" + " " * 1800 + "x\n",
    "trailing glyphs": "## Phase 1: a" + " ✅" * 900 + "x\n",
    "marker paths": "**Dependencies:** Phase 1 " + "a" * 1800 + "\n",
    "openers": "```bash\n" + "if " * 600 + "\n```\n",
}


def seconds(text: str) -> float:
    start = time.process_time()
    read([Source(path="x.md", data=text.encode())], path="x.md", root=".")
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_twice_the_text_takes_about_twice_the_time(name: str):
    half = "## Phase 1: x\n" + CASES[name] * (LINES // 4)
    whole = "## Phase 1: x\n" + CASES[name] * LINES
    assert seconds(whole) < 8 * max(seconds(half), 0.2)


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a", "# ", "|", "**", "`", "- ", "REQ-A-", "[("])
def test_one_endless_line_is_read(line: str):
    assert seconds("# P\n" + line * 500_000) < 5


def test_more_phases_than_anybody_writes_are_refused():
    text = "".join(f"## Phase {n}: x\n" for n in range(6000))
    with pytest.raises(PlanError, match="more than 5000 phases"):
        seconds(text)


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_a_long_line_takes_no_more_than_its_length_asks(name: str):
    assert seconds("## Phase 1: x\n" + LONG[name] * 400) < 3
