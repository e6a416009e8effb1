"""Reports of executed lines: three formats, and what hostile code may leave there."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.checks.strength import formats

LCOV = "TN:\nSF:src/a.py\nDA:1,1\nDA:2,0\nDA:3,2\nend_of_record\nSF:src/b.py\nDA:1,1\n"
COBERTURA = """<?xml version="1.0"?>
<coverage><sources><source>SOURCE</source></sources><packages><package><classes>
<class filename="a.py"><lines><line number="1" hits="1"/><line number="2" hits="0"/>
<line number="3" hits="4"/></lines></class></classes></package></packages></coverage>
"""
JSON = {"files": {"src/a.py": {"executed_lines": [1, 3], "missing_lines": [2]}}}


def read(tree: Path, text: str) -> formats.Covered | None:
    report = tree / "report"
    report.write_text(text)
    return formats.read(report, tree, ["src/a.py"])


@pytest.mark.parametrize("form", ["lcov", "lcov absolute", "cobertura", "json"])
def test_each_format_tells_the_same_lines(tmp_path: Path, form: str) -> None:
    texts = {
        "lcov": LCOV,
        "lcov absolute": LCOV.replace("SF:src", f"SF:{tmp_path}/src"),
        "cobertura": COBERTURA.replace("SOURCE", f"{tmp_path}/src"),
        "json": json.dumps(JSON),
    }
    found = read(tmp_path, texts[form])
    expected = formats.Lines(frozenset({1, 2, 3}), frozenset({1, 3}))
    assert found == {"src/a.py": expected}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n",
        "{",
        '{"files": [1]}',
        "<a>",
        '<!DOCTYPE x [<!ENTITY a "b">]><coverage/>',
        "<html/>",
        "SF:src/a.py\nDA:x,1\n",
        "[" * 100_000,
        "{" + '"a":{' * 100_000,
    ],
)
def test_what_is_no_report_is_none(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) is None


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_no_bytes_break_the_reader(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
):
    tree = tmp_path_factory.getbasetemp()
    (tree / "any").write_bytes(b"SF:src/a.py\n" + data)
    formats.read(tree / "any", tree, ["src/a.py"])
    (tree / "any").write_bytes(data)
    formats.read(tree / "any", tree, ["src/a.py"])


def test_a_report_that_is_too_long_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "LIMIT", 10)
    assert read(tmp_path, LCOV) is None


def test_node_notes_ranges_and_a_file_that_nobody_loads_is_left_out(
    tmp_path: Path,
) -> None:
    text = "const a = 1;\nfunction f() {\n  return 2;\n}\n"
    inner = {"startOffset": 13, "endOffset": len(text) - 1, "count": 0}
    whole = {"startOffset": 0, "endOffset": len(text), "count": 1}
    url = f"file://{tmp_path}/a.js"
    script = {"url": url, "functions": [{"ranges": [whole]}, {"ranges": [inner]}]}
    (tmp_path / "coverage-1.json").write_text(json.dumps({"result": [script]}))
    (tmp_path / "coverage-2.json").write_text("garbled")
    found = formats.v8(tmp_path, tmp_path, {"a.js": text, "b.js": text})
    assert found == {
        "a.js": formats.Lines(frozenset({1, 2, 3}), frozenset({1})),
    }


def test_go_notes_blocks_by_the_name_of_the_module(tmp_path: Path) -> None:
    body = "\tif a > 1 {\n\t\treturn a\n\t}\n\treturn 0\n}\n"
    text = f"package m\n\nfunc F(a int) int {{\n{body}"
    blocks = ["3.19,4.11 1 2", "4.11,6.3 1 0", "7.2,7.10 1 2"]
    lines = [f"x.org/m/f.go:{block}" for block in blocks]
    report = ["mode: set", *lines, "garbled", "other.go:1.1,2.2 1 1"]
    (tmp_path / "p").write_text("\n".join(report))
    found = formats.golang(tmp_path / "p", "x.org/m", "svc", {"svc/f.go": text})
    assert found == {
        "svc/f.go": formats.Lines(frozenset({3, 4, 5, 7}), frozenset({3, 4, 7})),
    }
    (tmp_path / "p").write_text("garbled")
    assert formats.golang(tmp_path / "p", "m", "", {}) is None
