from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan import markdown
from weighlock.plan.encoding import decode
from weighlock.plan.key import normal
from weighlock.plan.model import (
    Dialect,
    Plan,
    Source,
    Span,
    Status,
    TrackerRow,
)
from weighlock.plan.read import read
from weighlock.plan.splice import Delivered, Note, Ran, Remedy, record
from weighlock.plan.status import read_status

STATUSES = get_args(Status)
AT = "2026-11-21T10:30:00Z"
MINUTE = b"2026-11-21 10:30"
TRACKER = """\
# Execution Tracker

| Phase | ID | Description | Status | Started | Completed | Verified | Notes |
|-------|-----|-------------|--------|---------|-----------|----------|-------|
| **Setup** |
| 00 | P00 | Overview | [OK] COMPLETE | 2026-02-23 | 2026-02-23 | [OK] | Document |
| 01 | P01 | Stub | ⬜ PENDING | - | - | - | keep `a\\|b` here |
| 02 | P02 | Impl | ⬜ PENDING | - | - | - | |

**Legend**:
- [OK] COMPLETE — Phase finished and verified
-  IN PROGRESS — Currently being executed
- ⬜ PENDING — Not yet started
- [ERROR] FAILED — Phase failed verification

## Blocking Issues Log

| Date | Phase | Issue | Resolution | Resolved? |
|------|-------|-------|------------|-----------|
| - | - | (none yet) | - | - |

## Remediation Log

| Date | Phase | Reason | Actions Taken | Outcome |
|------|-------|--------|---------------|---------|
| - | - | (none yet) | - | - |

**Last Updated**: 2026-02-23
"""
MANGLED = """\
# Execution Plan

## Phase Overview

| Phase | Name   | Status      | Duration Est. |
|-------|--------|-------------|---------------|
| 1     | Schema | Completed   | 1 hour        |
| 2     | Forms  | In Progress | 2 hours       |
| 3     | Deploy | Pending     | 1 hour        |

## Phase 1: Schema

**Status:** Completed ✅
**Completed:** YYYY-MM-DD HH:MM

## Phase 2: Forms

**Status:** In Progress 🔄

## Phase 3: Deploy

**Status:** Pending ⏸️

## Tech Spine Updates Needed

- [ ] `system-map.md` - architecture
- [ ] `data-model.md` - tables
""".encode().decode("mac_roman")


def tracker_rows(file: str, data: bytes) -> tuple[TrackerRow, ...]:
    page = markdown.scan(file, decode(data).lines)
    out = []
    for table in page.tables:
        names = [head.lower() for head in table.header]
        if "status" not in names:
            continue
        for row in table.rows:
            key = normal(row.cells[0])
            if key and len(row.cells) > names.index("status"):
                text = row.cells[names.index("status")]
                out.append(
                    TrackerRow(
                        key=key,
                        status=read_status(text) or "pending",
                        status_text=text,
                        source=Span(file=file, line=row.line),
                    )
                )
    return tuple(out)


def plan_of(dialect: Dialect, files: dict[str, bytes], *keys: str) -> Plan:
    more = {f"plan/{key}-x.md": f"# Phase {key}: Ink\n".encode() for key in keys}
    sources = [Source(path=p, data=d) for p, d in (more | files).items()]
    return read(sources, path="plans/x", root="plans/x", dialect=dialect)


def write(
    data: bytes, note: Note, dialect: Dialect = "phase-directory"
) -> tuple[bytes, dict[str, bytes]]:
    keys = ("00", "01", "02") if dialect == "phase-directory" else ()
    changed = dict(
        record(plan_of(dialect, {"execution-tracker.md": data}, *keys), note)
    )
    return changed.pop("execution-tracker.md", data), changed


def note(status: Status = "completed", phase: str = "01", **more: object) -> Note:
    return Note(phase=phase, status=status, at=AT, **more)  # type: ignore[arg-type]


def line_of(data: bytes, start: str) -> str:
    return next(x for x in data.decode().splitlines() if x.startswith(start))


def test_a_pass_fills_the_row_with_the_authors_own_words():
    data, _ = write(
        TRACKER.encode(), note(started="2026-11-20T09:00:00Z", verified=True)
    )
    assert line_of(data, "| 01 |") == (
        "| 01 | P01 | Stub | [OK] COMPLETE | 2026-11-20 | 2026-11-21 | [OK] "
        "| keep `a\\|b` here |"
    )


def test_only_the_row_of_the_phase_changes():
    data, _ = write(TRACKER.encode(), note(verified=True))
    before, after = TRACKER.encode().splitlines(), data.splitlines()
    assert [
        n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b
    ] == [6]


def test_a_state_that_no_row_has_is_spelled_as_the_legend_spells_it():
    data, _ = write(TRACKER.encode(), note("failed"))
    assert "| [ERROR] FAILED |" in line_of(data, "| 01 |")


def test_a_failure_takes_back_what_a_row_claims():
    data, _ = write(TRACKER.encode(), note("failed", phase="00"))
    assert line_of(data, "| 00 |") == (
        "| 00 | P00 | Overview | [ERROR] FAILED | 2026-02-23 | - | - | Document |"
    )


def test_without_legend_and_other_rows_the_old_cells_style_is_kept():
    for old, new in {
        "[ ]": "[x]",
        "PENDING": "COMPLETED",
        "pending": "completed",
        "Pending": "Completed",
        "⬜": "✅",
        "⬜ PENDING": "✅ COMPLETED",
    }.items():
        text = f"| Phase | Status |\n|---|---|\n| 01 | {old} |\n"
        data, _ = write(text.encode(), note())
        assert line_of(data, "| 01") == f"| 01 | {new} |"


def test_padding_gives_way_so_that_columns_stay_aligned():
    text = "| Phase | Status      |\n|-------|-------------|\n| 01    | Ongoing     |\n"
    data, _ = write(text.encode(), note())
    assert line_of(data, "| 01") == "| 01    | Completed   |"


def test_a_state_the_row_already_has_is_not_spelled_anew():
    text = "| Phase | Status |\n|---|---|\n| 01 | DONE |\n| 02 | ok |\n"
    data, _ = write(text.encode(), note())
    assert data == text.encode()


def test_mangled_text_keeps_its_encoding_and_the_authors_glyph():
    before = MANGLED.encode()
    data, _ = write(before, note(phase="02"), "execution-plan")
    mark = "**Status:** Completed ✅".encode().decode("mac_roman")
    assert data.decode().count(mark) == 2
    assert "| 2     | Forms  | Completed   | 2 hours       |" in data.decode()
    assert len(data.splitlines()) == len(before.splitlines()) + 1


def test_a_phase_gets_the_completed_line_that_the_one_before_it_has():
    before = MANGLED.encode()
    data, _ = write(before, note(phase="02"), "execution-plan")
    assert data.replace(b"**Completed:** 2026-11-21 10:30\n", b"", 1).count(b"\n") == (
        before.count(b"\n")
    )
    again, _ = write(data, note(phase="02"), "execution-plan")
    assert again == data


def test_a_state_unknown_to_a_mangled_plan_is_written_in_plain_letters():
    data, _ = write(MANGLED.encode(), note("failed", phase="03"), "execution-plan")
    assert "**Status:** Failed\n" in data.decode()
    assert "| 3     | Deploy | Failed      |" in data.decode()


def test_the_completed_line_of_an_execution_plan_gets_the_minute():
    data, _ = write(MANGLED.encode(), note(phase="01"), "execution-plan")
    assert "**Completed:** 2026-11-21 10:30\n" in data.decode()


def test_updated_documents_are_ticked_and_no_others():
    given_ = note(phase="01", documents=("docs/spine/data-model.md",))
    data, _ = write(MANGLED.encode(), given_, "execution-plan")
    assert "- [ ] `system-map.md`" in data.decode()
    assert "- [x] `data-model.md`" in data.decode()


PHASE_FILE = """\
# Phase 03: Stub

## Success Criteria
- [ ] compiles
- [ ] markers present

Create: `project-plans/x/.completed/P03.md`, as `.completed/P02.md` was.
"""


def test_only_criteria_with_evidence_are_ticked():
    plan = plan_of("phase-directory", {"plan/03-stub.md": PHASE_FILE.encode()})
    changed = record(plan, note(phase="03", criteria=(1,)))
    assert changed["plan/03-stub.md"] == PHASE_FILE.encode().replace(
        b"- [ ] markers", b"- [x] markers"
    )


def test_the_marker_goes_where_the_phase_says_and_holds_evidence_only():
    plan = plan_of("phase-directory", {"plan/03-stub.md": PHASE_FILE.encode()})
    given_ = note(
        phase="03",
        evidence="sha256:abc",
        commit="f00",
        verdict="pass",
        tests_before="3/0/0/0",
        tests_after="5/0/0/0",
        commands=(Ran(command="npm test", exit_code=0, result="5 passed"),),
        files=(Delivered(path="src/a.ts", lines=12),),
    )
    marker = record(plan, given_)[".completed/P03.md"].decode()
    for words in (
        "Verdict: PASS",
        "sha256:abc",
        "`npm test`: exit code 0: 5 passed",
        "`src/a.ts` (12 lines)",
        "3/0/0/0",
        "5/0/0/0",
        "Written by weighlock",
    ):
        assert words in marker


def test_a_phase_that_did_not_pass_gets_no_marker():
    plan = plan_of("phase-directory", {"plan/03-stub.md": PHASE_FILE.encode()})
    assert record(plan, note("failed", phase="03")) == {}


def test_an_existing_marker_in_another_spelling_is_overwritten_not_doubled():
    files = {"plan/03-stub.md": PHASE_FILE.encode(), ".completed/P03.md": b"all done!"}
    changed = record(plan_of("phase-directory", files), note(phase="03"))
    assert set(changed) == {".completed/P03.md"}
    assert b"all done" not in changed[".completed/P03.md"]


def test_blockers_and_remediations_are_logged_once():
    given_ = note(
        "failed",
        blockers=("npm | is missing",),
        remedies=(Remedy(reason="tests fail", actions="attempt 2", outcome="passed"),),
    )
    data, _ = write(TRACKER.encode(), given_)
    again, _ = write(data, given_)
    text = data.decode()
    assert "| 2026-11-21 | P01 | npm \\| is missing | - | No |" in text
    assert "| 2026-11-21 | P01 | tests fail | attempt 2 | passed |" in text
    assert "(none yet)" not in text
    assert again == data


BISCUIT = "# Plan\n\n## Phase 1: Types\n\nText.\n\n## Phase 2: Parser\n\nText.\n"


def checkpoints(data: bytes) -> object:
    body = data.decode().split("```yaml\n")[1].split("```")[0]
    return yaml.safe_load(body)


def test_checkpoints_are_appended_in_the_form_of_the_plans():
    first = note(phase="01", files=(Delivered(path="src/lib.rs", lines=3),))
    data, _ = write(BISCUIT.encode(), first, "biscuit")
    second = note("failed", phase="02", error='say "no"', last_step="made types")
    data, _ = write(data, second, "biscuit")
    one, two = checkpoints(data)  # type: ignore[misc]
    assert one["phase_1"]["status"] == "complete"
    assert one["phase_1"]["artifacts"] == ["src/lib.rs"]
    assert two["phase_2"]["error"] == 'say "no"'
    assert two["phase_2"]["last_successful_step"] == "made types"
    assert data.startswith(BISCUIT.encode())


def test_a_newer_checkpoint_takes_the_place_of_the_older_one():
    data, _ = write(BISCUIT.encode(), note("failed", phase="01"), "biscuit")
    data, _ = write(data, note(phase="02"), "biscuit")
    data, _ = write(data, note(phase="01"), "biscuit")
    found = [next(iter(entry)) for entry in checkpoints(data)]  # type: ignore[attr-defined]
    assert found == ["phase_1", "phase_2"]
    assert data.count(b"## Execution Checkpoints") == 1


def test_a_checkpoint_section_without_a_fence_stays_without():
    text = BISCUIT + "\n## Execution Checkpoints\n\n- phase_1:\n    status: complete\n"
    data, _ = write(text.encode(), note(phase="02"), "biscuit")
    assert b"```" not in data
    assert data.startswith(text.encode())
    assert b"- phase_2:\n    status: complete\n" in data


def test_a_file_without_a_last_newline_gets_none():
    data, _ = write(BISCUIT.rstrip().encode(), note(phase="01"), "biscuit")
    assert data.endswith(b"```")


def test_a_dialect_without_states_is_left_alone():
    assert write(BISCUIT.encode(), note(phase="01"), "single-file") == (
        BISCUIT.encode(),
        {},
    )


def test_the_box_of_a_check_list_phase_is_its_state():
    text = b"- [ ] T001 Make it\n- [X] T002 Test it\n"
    source = Source(path="tasks.md", data=text)
    plan = read([source], path="tasks.md", root=".", dialect="spec-kit")
    passed = record(plan, note(phase="T001"))["tasks.md"]
    failed = record(plan, note("failed", phase="T002"))["tasks.md"]
    assert passed == b"- [x] T001 Make it\n- [X] T002 Test it\n"
    assert failed == b"- [ ] T001 Make it\n- [ ] T002 Test it\n"


def test_an_unknown_phase_changes_nothing():
    assert write(TRACKER.encode(), note(phase="99")) == (TRACKER.encode(), {})


ENDS = st.sampled_from(["\n", "\r\n"])
CELLS = st.sampled_from(
    [
        "[ ]",
        "⬜ PENDING",
        "[OK] COMPLETE",
        "DONE",
        "pending",
        "x",
        "🔄",
        "In Progress",
        "",
    ]
)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(
    st.lists(CELLS, min_size=1, max_size=5),
    st.sampled_from(STATUSES),
    st.integers(0, 4),
    ENDS,
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["", "\n"]),
)
def test_law_a_state_that_is_written_is_read_back_and_nothing_else_moves(
    cells: list[str], status: Status, at: int, end: str, bom: str, last: str
):
    at = min(at, len(cells) - 1)
    rows = [f"| {n:02} | Ä{n} | {c} | note ✅ |" for n, c in enumerate(cells, 1)]
    lines = [
        "# T",
        "",
        "| Phase | Name | Status | Notes |",
        "|--|--|--|--|",
        *rows,
        "",
        "z",
    ]
    text = bom + end.join(lines) + last
    key = f"{at + 1:02}"
    before = text.encode()
    plan = plan_of("phase-directory", {"t.md": before}, key)
    after = record(plan, note(status, phase=key)).get("t.md", before)
    back = {r.key: r for r in tracker_rows("t.md", after)}
    assert back[key].status == status
    old, new = before.split(b"\n"), after.split(b"\n")
    assert [n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a != b] in (
        [],
        [4 + at],
    )
    changed, kept = new[4 + at].split(b"|"), old[4 + at].split(b"|")
    assert changed[:3] == kept[:3]
    assert changed[4:] == kept[4:]
    again = plan_of("phase-directory", {"t.md": after}, key)
    assert record(again, note(status, phase=key)).get("t.md", after) == after


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STATUSES), st.sampled_from(["mac_roman", "cp1252", None]), ENDS)
def test_law_a_status_line_is_read_back_in_any_encoding(
    status: Status, mangled: str | None, end: str
):
    text = MANGLED.encode("mac_roman").decode().replace("\n", end)
    if mangled:
        raw = text.encode()
        text = (
            "".join(
                bytes([b]).decode(mangled, errors="replace")
                if b not in b"\x81\x8d\x8f\x90\x9d"
                else chr(b)
                for b in raw
            )
            if mangled == "cp1252"
            else raw.decode(mangled)
        )
    before = text.encode()
    plan = plan_of("execution-plan", {"p.md": before})
    after = record(plan, note(status, phase="02")).get("p.md", before)
    back = plan_of("execution-plan", {"p.md": after})
    phase = back.phase("02")
    assert phase is not None
    assert phase.status == status
    assert {r.key: r.status for r in back.tracker}["02"] == status
    kept = [x for x in after.split(b"\n") if x.strip() != b"**Completed:** " + MINUTE]
    same = zip(before.split(b"\n"), kept, strict=True)
    assert sum(a != b for a, b in same) <= 2
    again = record(back, note(status, phase="02")).get("p.md", after)
    assert again == after


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(get_args(Dialect)))
def test_law_any_bytes_are_survived(data: bytes, dialect: Dialect):
    plan = plan_of(dialect, {"t.md": data}, "01")
    record(plan, note(blockers=("x",), documents=("y",), criteria=(0, 9)))
