"""What the pages say about codes, keys and words is what the code says."""

import importlib.util
import re
from pathlib import Path
from typing import get_args

import pytest

from weighlock.plan.expectation import read_expectation
from weighlock.views.state import Word

ROOT = Path(__file__).resolve().parents[2]


def _generator():
    path = ROOT / "docs/generate.py"
    spec = importlib.util.spec_from_file_location("docs_generate", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_as_the_code_says_now() -> None:
    stale = [path.name for path in _generator().stale()]
    assert stale == [], "out of date; run: make docs"


def test_every_reason_code_is_explained_and_no_other() -> None:
    from weighlock.run.evidence import CODES

    assert set(_generator().meanings.REASONS) == CODES


FORMS = re.findall(
    r"^\| (?:`(.*?)`|\(nothing\)) \| `(\w+)` \| (.*?) ?\|$",
    (ROOT / "docs/how-to/write-a-plan-that-can-be-checked.md").read_text(),
    re.MULTILINE,
)


@pytest.mark.parametrize(("said", "form", "value"), FORMS)
def test_an_expectation_is_read_as_the_page_says(
    said: str, form: str, value: str
) -> None:
    found = read_expectation(said)
    assert found.form == form
    if value:
        shown = found.value if isinstance(found.value, tuple) else (found.value,)
        assert value == "–".join(
            f"{v:g}" if isinstance(v, float) else str(v) for v in shown
        )


def test_the_states_of_a_phase_are_those_that_people_see() -> None:
    page = (ROOT / "docs/reference/json.md").read_text(encoding="utf-8")
    told = re.search(r"States of a phase: ([^.]*)\.", page)
    assert told is not None
    assert tuple(re.findall(r"`([\w-]+)`", told[1])) == get_args(Word)


def test_every_page_is_on_the_map() -> None:
    linked = re.findall(r"\]\(([^)\s]+\.md)\)", (ROOT / "docs/README.md").read_text())
    there = {
        p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").rglob("*.md")
    }
    assert there - set(linked) - {"README.md"} == set()
