"""A marker is read as it is written, at its place; prose and addresses are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.markers import rows


def said(text: str) -> list[tuple[str, str, str]]:
    return [(row[0], row[1], row[4]) for row in rows(text.encode())]


def ids(text: str) -> list[str]:
    return [row[1] for row in rows(text.encode())]


@pytest.mark.parametrize(
    ("text", "plan", "phase"),
    [
        ("// @plan:PLAN-20251023-X.P05", "PLAN-20251023-X", "05"),
        ("# @plan X.P05a", "X", "05a"),
        ("@plan:X.P5: done", "X", "05"),
        ("@plan:X.P0.5).", "X", "0.5"),
        ("'takes @plan:X.P03', () => {", "X", "03"),
        ("<!-- @plan:X.P03--><b>", "X", "03"),
        ("<p>@plan:X.P03</p>", "X", "03"),
        ("@plan:X/P03", "X", "03"),
        ("@plan PLAN-X.05", "PLAN-X", "05"),
        ("@plan:X.T001", "X", "T001"),
        ("**@plan: my-feature.P05**", "my-feature", "05"),
        ("@plan PLAN-AUTH", "PLAN-AUTH", ""),
        ("@plan:PLAN-2025-05", "PLAN-2025-05", ""),
        ("@plan:ÄND-1.P02", "ÄND-1", "02"),
    ],
)
def test_a_plan_marker_names_plan_and_phase(text, plan, phase):
    assert said(text) == [("plan", plan, phase)]


@pytest.mark.parametrize(
    "text",
    [
        "a@plan.com",
        "me@plan X.P05",
        '@plan("X.P05")',
        "@plan",
        "@plan\nX.P05",
        "@plan markers in code",
        "@plan:markers",
        "@plan / @requirement tags",
        "@plan: the plan",
        '"@plan:.*P05"',
        "@plan:PLAN-{N}.P05",
        "@plan PLAN-YYYYMMDD-<slug>",
        "@planned:X.P05",
        "@pseudocode markers",
        "@requirement tags",
        "a -> b ~ c",
        "[impl -> x]",
        "[impl->req~login]",
    ],
)
def test_prose_addresses_decorators_and_blanks_are_no_markers(text):
    assert rows(text.encode()) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@requirement:REQ-9-FL01-FL03", "REQ-9-FL01 REQ-9-FL02 REQ-9-FL03"),
        ("@requirement REQ-1.1, REQ-1.2 and REQ-1.4.", "REQ-1.1 REQ-1.2 REQ-1.4"),
        ("@requirement:REQ-1 @requirement:REQ-2 -->", "REQ-1 REQ-2"),
        ("@requirement REQ-1 REQ-2 is", "REQ-1 REQ-2"),
        ("@requirement REQ-FL01, FL02, HTTP2 works", "REQ-FL01 REQ-FL02"),
        ("@requirement REQ-001, 002", "REQ-001 REQ-002"),
        ("@requirement REQ-1.1 through REQ-1.3", "REQ-1.1 REQ-1.2 REQ-1.3"),
        ("@requirement REQ-001..REQ-003", "REQ-001 REQ-002 REQ-003"),
        ("@requirement REQ-1 - 3 retries", "REQ-1"),
        ("@requirement REQ-1, 3 retries", "REQ-1"),
        ("@requirement R4.2, R4.3", "R4.2 R4.3"),
        ("**@requirement: REQ-HD-***", "REQ-HD"),
        ("@requirement REQ-HD-*", "REQ-HD-*"),
        ("@requirement AUTH-7 (why)", "AUTH-7"),
        ("@requirement REQ-1-REQ-999999999", "REQ-1-REQ-999999999"),
    ],
)  # fmt: skip
def test_requirements_are_lists_and_ranges(text, names):
    assert ids(text) == names.split()


@pytest.mark.parametrize(
    ("text", "page", "lines"),
    [
        ("@pseudocode lines 10-44", "", [(10, 44)]),
        ("@pseudocode: runtime-state.md lines 1–5**", "runtime-state.md", [(1, 5)]),
        ("@pseudocode a/b.md lines 10-42, 50", "a/b.md", [(10, 42), (50, 50)]),
        ("@pseudocode lines 3-4 from component-001.md.", "component-001.md", [(3, 4)]),
        ("@pseudocode bucket.md:7-9", "bucket.md", [(7, 9)]),
        ("@pseudocode bucket.md (usage)", "bucket.md", [None]),
        ("@pseudocode bucket.md lines [LATER]", "bucket.md", [None]),
    ],
)
def test_pseudocode_is_cited_by_file_and_lines(text, page, lines):
    assert [(row[1], row[5]) for row in rows(text.encode())] == [
        (page, x) for x in lines
    ]


def test_tags_say_what_covers_what_in_which_revision():
    text = "x [impl->req~login~2] [utest~name~1->dsn~a.b-c~3, req~d~1>>itest]"
    assert [(r[0], r[1], r[3], r[6], r[7]) for r in rows(text.encode())] == [
        ("tag", "req~login", 3, "impl", 2),
        ("tag", "dsn~a.b-c", 23, "utest", 3),
        ("tag", "req~d", 51, "utest", 1),
    ]


NAME = st.from_regex(r"[A-Z]{1,6}(-[A-Z0-9]{1,5}){0,2}", fullmatch=True)
COMMENT = st.sampled_from(
    [
        "// {}",
        "# {}",
        " * {}",
        "<!-- {} -->",
        "/* {} */",
        "it('é {}', () => {{",
        "-- {}",
    ]
)
ENDS = st.sampled_from(["", ".", ",", "`", ")", "**", "'", ": why", " — why"])


@settings(max_examples=150)
@given(
    NAME,
    st.integers(1, 99),
    st.sampled_from([":", " ", ": ", "\t"]),
    COMMENT,
    ENDS,
    st.tuples(st.integers(0, 9), st.sampled_from(["\n", "\r\n"])),
)
def test_a_marker_is_found_where_it_was_written(
    name, number, sign, comment, end, around
):
    above, line_end = around
    marker = f"@plan{sign}{name}.P{number:02}"
    line = "é " + comment.format(marker + end)
    text = line_end.join(["x"] * above + [line, "y"])
    [row] = rows(text.encode())
    assert row[:5] == ("plan", name, above + 1, line.index("@") + 1, f"{number:02}")


@settings(max_examples=100)
@given(st.binary(max_size=80), st.binary(max_size=20))
def test_any_bytes_are_read(before, after):
    data = before.replace(b"\0", b"") + b"\n@plan:X.P05 " + after.replace(b"\0", b"")
    found = [r for r in rows(data) if r[:2] == ("plan", "X")]
    assert found[0][2] == before.replace(b"\0", b"").count(b"\n") + 2


def test_a_long_line_with_many_markers_is_read_in_time():
    text = "@plan:X.P05 @requirement:REQ-1, REQ-2; " * 20_000
    found = rows(text.encode())
    assert len(found) == 60_000
    assert found[-1][2:4] == (1, text.rindex("REQ-2") + 1)


@pytest.mark.parametrize(
    "bit", ["@plan ", "[a->", "[a->b~c~1,", "@requirement REQ-1,", "@", "["]
)
def test_hostile_texts_are_read_in_time(bit):
    assert rows((bit * 20_000 + "~").encode()) is not None  # fmt: skip
