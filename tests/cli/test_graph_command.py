import json
import subprocess
import sys
from pathlib import Path

import pytest

PLAN = """# Plan

## Phase 1: Types

**Status:** Completed

## Phase 2: Parser

**Dependencies:** Phase 1

## Phase 3: Printer

**Dependencies:** Phase 1
"""
NAMES = ("Types", "Parser", "Printer")


def weighlock(*args: str, cwd: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "weighlock", *args],
        cwd=cwd,
        capture_output=True,
        check=False,
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "plan.md").write_text(PLAN)
    return tmp_path


@pytest.mark.parametrize(
    ("form", "start"),
    [("mermaid", "flowchart TD"), ("dot", "digraph"), ("svg", "<svg"), ("json", "{")],
)
def test_each_format_goes_to_stdout(place: Path, form: str, start: str):
    done = weighlock("graph", "plan.md", "--format", form, cwd=place)
    assert done.returncode == 0
    assert done.stdout.decode().startswith(start)


def test_without_a_format_the_order_is_drawn_as_text(place: Path):
    said = weighlock("graph", "plan.md", cwd=place).stdout.decode()
    order = [name for line in said.splitlines() for name in NAMES if name in line]
    assert order == list(NAMES)


def test_a_files_name_tells_the_format(place: Path):
    done = weighlock("graph", "plan.md", "--output", "order.svg", cwd=place)
    assert done.stdout == b""
    assert (place / "order.svg").read_text().startswith("<svg")


def test_data_has_nodes_and_edges(place: Path):
    document = json.loads(weighlock("graph", "plan.md", "--json", cwd=place).stdout)
    assert document["schema"] == "weighlock/graph/1"
    assert [n["key"] for n in document["nodes"]] == ["01", "02", "03"]
    assert [(e["from"], e["to"]) for e in document["edges"]] == [
        ("01", "02"),
        ("01", "03"),
    ]


def test_a_place_that_cannot_be_written_is_one_clear_message(place: Path):
    done = weighlock("graph", "plan.md", "-o", "no/such/dir.svg", cwd=place)
    assert done.returncode == 2
    assert b"no/such/dir.svg: cannot write" in done.stderr
