"""A trace in five forms: what is missing first, nothing foreign obeyed."""

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest

from weighlock.plan.model import Span
from weighlock.run.trace.marker import Marker, Node
from weighlock.run.trace.model import Changed, Place, Row, Served, Trace
from weighlock.run.trace.units import units
from weighlock.views.text import Style, columns
from weighlock.views.trace import csv_table, data, detail, page, reqif, serving, text

AT = "2026-11-21T15:00:00Z"


def place(id_, path="src/a.py", name="Bucket.take", counts="impl", **more) -> Place:
    node = Node(kind="function", name=name, line=10, end_line=20, digest="d")
    marker = Marker(
        kind="requirement", id=id_, path=path, line=9, column=1, node=node
    )  # fmt: skip
    [unit] = units([marker])
    return Place(marker=marker, unit=unit, counts=counts, **more)


def made(*rows: Row, **more) -> Trace:
    return Trace(plan="PLAN-X", title="Token bucket", rows=rows, **more)


def row(id_="REQ-1", state="covered", kind="requirement", **more) -> Row:
    return Row(kind=kind, id=id_, state=state, **{"why": "because"} | more)


@pytest.fixture(scope="session")
def whole() -> Trace:
    changed = Changed(answer="yes", commit="c0ffee1234567", phases=("03",))
    served = (Served(phase="03", stage="passed", verdict="pass", commit="c0ffee1234"),)
    code = place("REQ-1", changed=changed, wrong="suspect")
    test = place(
        "REQ-1", "tests/test_a.py", "test_take", counts="test", result="passed"
    )
    return made(
        row("REQ-1", text="It gives <b>tokens</b>.", served=served,
            code=(code,), tests=(test,), source=Span(file="plan.md", line=3)),
        row("REQ-2", "unmarked", why="phase 03 passed", served=served),
        row("REQ-3", "uncovered", justified="on paper"),
        row("03", "covered", "phase", text="Taking", served=served, code=(code,)),
        row("04", "exempt", "phase", served=(Served(phase="04"),)),
        row("REQ-9", "orphaned", "orphan", code=(place("REQ-9"),)),
        markers=9, foreign=2, run="r1",
    )  # fmt: skip


def test_the_text_shows_what_is_missing_first_and_fits_the_terminal(whole):
    said = text(whole)
    assert said.index("REQ-9") < said.index("REQ-2") < said.index("✓ covered    REQ-1")
    assert "3 requirements: 1 unmarked, 1 uncovered, 1 covered" in said
    assert "justified: on paper" in said
    assert "more: weighlock trace" not in said.splitlines()[0]
    assert all(columns(line) <= 80 for line in said.splitlines())


def test_an_ascii_terminal_gets_ascii(whole):
    rows = text(whole, Style(ascii=True)).splitlines()[4:]
    assert all(line.isascii() for line in rows)


def test_the_detail_says_on_what_evidence(whole):
    said = detail(whole.rows[0])
    for fact in ("verdict pass", "src/a.py:9", "changed in P03 c0ffee1234", "passed"):
        assert fact in said


def test_a_line_serves_by_the_marker_that_says_so(whole):
    first = whole.rows[0]
    said = serving([(first, first.code[0])], "src/a.py:12")
    assert "src/a.py:12 serves" in said
    assert "by src/a.py:9 Bucket.take" in said


def test_json_has_every_row_and_place(whole):
    shown = data(whole)
    assert json.loads(json.dumps(shown)) == shown
    assert [r["id"] for r in shown["rows"]] == [r.id for r in whole.rows]
    first = shown["rows"][0]["code"][0]
    assert (first["changed"], first["changed_in"], first["wrong"]) == (
        "yes",
        ["03"],
        "suspect",
    )
    assert [r["id"] for r in data(whole, whole.rows[:1])["rows"]] == ["REQ-1"]


def test_csv_has_one_line_a_place_and_reads_back(whole):
    said = csv_table(whole)
    assert said.replace("\r\n", "").count("\n") == 0
    lines = list(csv.DictReader(io.StringIO(said, newline="")))
    assert len(lines) == 7
    assert {line["id"] for line in lines} == {r.id for r in whole.rows}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n="])
def test_a_text_that_a_spreadsheet_would_run_is_kept_a_text(start):
    said = csv_table(made(row(text=f"{start}HYPERLINK(1)")))
    [line] = csv.DictReader(io.StringIO(said, newline=""))
    assert not line["text"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_page_loads_nothing_and_escapes_what_others_wrote(whole):
    said = page(whole)
    assert "&lt;b&gt;tokens&lt;/b&gt;" in said
    assert not re.search(r"""(?:src|href)=["']?(?!#)""", said)
    assert "default-src 'none'" in said


def test_the_page_filters_by_state_without_any_script(whole):
    said = page(whole)
    for state in ("covered", "unmarked", "uncovered", "orphaned", "exempt"):
        assert f'id="state-{state}"' in said
        assert f"#state-{state}:not(:checked)) tr.{state} {{ display: none; }}" in said


def tags(document: str) -> list[ET.Element]:
    return list(ET.fromstring(document).iter())  # noqa: S314 - it is ours


def test_in_reqif_every_reference_leads_to_one_object_of_its_kind(whole):
    found = tags(reqif(whole, AT))
    kinds = {e.get("IDENTIFIER"): e.tag for e in found if e.get("IDENTIFIER")}
    named = [e for e in found if e.get("IDENTIFIER")]
    assert len(kinds) == len(named)
    references = [e for e in found if e.tag.endswith("-REF")]
    assert references
    assert all(f"{kinds[e.text]}-REF" == e.tag for e in references)


def test_in_reqif_identifiers_stay_when_states_and_lines_change(whole):
    def objects(trace):
        found = tags(reqif(trace, AT))
        return {
            e.get("LONG-NAME"): e.get("IDENTIFIER")
            for e in found
            if e.tag.endswith("}SPEC-OBJECT")
        }

    later = made(row("REQ-1", "uncovered", text="Other words."))
    before = objects(whole)
    assert set(before) == {
        "REQ-1", "REQ-2", "REQ-3", "03", "04",
        "src/a.py#Bucket.take", "tests/test_a.py#test_take",
    }  # fmt: skip
    assert objects(later)["REQ-1"] == before["REQ-1"]


def test_reqif_survives_any_character():
    tags(reqif(made(row(text='a\0b\x1b \udcff\ufffe <&">')), AT))


@pytest.mark.slow
def test_reqif_is_valid_by_the_schema_of_the_omg(whole, tmp_path):
    """Needs the package reqif, which brings the schema; CI has it not by default."""
    package = pytest.importorskip("reqif")
    xmlschema = pytest.importorskip("xmlschema")
    schema = f"{package.__path__[0]}/reqif_schema/reqif.xsd"
    file = tmp_path / "trace.reqif"
    file.write_text(reqif(whole, AT), encoding="utf-8")
    errors = xmlschema.XMLSchema(schema, allow="local").iter_errors(str(file))
    assert [str(e) for e in errors] == []


def test_a_long_list_of_what_is_fine_is_counted_and_what_is_not_is_listed():
    fine = [row(f"REQ-{n}") for n in range(60)]
    wrong = [row(f"REQ-{n}", "unmarked") for n in range(100, 150)]
    said = text(made(*fine, *wrong))
    assert "and 20 more that are fine" in said
    assert said.count("✗ unmarked") == 50
