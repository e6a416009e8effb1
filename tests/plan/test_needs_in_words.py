"""What a phrase about needs names, in the words of many authors."""

import pytest

from weighlock.plan.needs import Phrase, read_needs
from weighlock.plan.parts.numbers import Known

KEYS = (
    "00", "00a", "01", "01a", "02", "02a", "03", "03a", "03b", "04", "05", "05a", "06",
    "06a", "07", "08", "09", "10", "11", "12",
)  # fmt: skip
BEFORE = KEYS[:15]


def needs(text: str) -> tuple[str, ...]:
    """Read a phrase as phase 08 of a plan says it."""
    return read_needs((Phrase(text, 1),), "08", Known(KEYS)).keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Phase 3 completed", "03"),
        ("Phase 03a completed (PASS)", "03a"),
        ("Phases 03-05", "03 03a 03b 04 05"),
        ("Phases 3–5 and 7", "03 03a 03b 04 05 07"),
        ("Phase 3 to Phase 5", "03 03a 03b 04 05"),
        ("Phases 3 through 5 complete", "03 03a 03b 04 05"),
        ("Phases P02/P03 and verification counterparts completed", "02 03"),
        ("P02 / P02a completed and verified", "02 02a"),
        ("Phase 2 (can run in parallel with Phase 3)", "02"),
        ("Phase 2; parallel with Phase 3", "02"),
        ("Phase 2, can run alongside Phase 3", "02"),
        ("Phase 2 — can run concurrently with Phase 3", "02"),
        ("After Phase 3", "03"),
        ("after phase 3 is merged", "03"),
        ("Requires Phase 2 and Phase 4", "02 04"),
        ("Phase 2 & 4", "02 04"),
        ("Phase 1 must be complete", "01"),
        ("Phase 1 must be complete before Phase 9 starts", "01"),
        ("Phase 2 (blocks Phase 9)", "02"),
        ("Phase 2. Blocks: Phase 9", "02"),
        ("Phase 2, blocks 9 and 10", "02"),
        ("Phase 3 (needs TopicInfo), Phase 4", "03 04"),
        ("Previous phase", "07"),
        ("the previous phase must be complete", "07"),
        ("Phase 0.5", "00a"),
        ("Phase 0.5 MUST be completed before any implementation phase", "00a"),
        ("1, 2", "01 02"),
        ("1 and 2", "01 02"),
        ("1-3", "01 01a 02 02a 03"),
        ("#1, #2", "01 02"),
        ("[1, 2]", "01 02"),
        ("P01, P02", "01 02"),
        ("P1-P3", "01 01a 02 02a 03"),
        ("Step 1", "01"),
        ("Steps 1, 2 and 3", "01 02 03"),
        ("Phase 1 (types), Phase 2 (parser)", "01 02"),
        ("**Phase 1**: types, **Phase 2**: parser", "01 02"),
        ("[Phase 1](#phase-1)", "01"),
        ("[Phase 1: Types](#phase-1-types) and [Phase 2](#phase-2)", "01 02"),
        ("Phase 1A", "01a"),
        ("phase-1, phase-2", "01 02"),
        ("phase_1", "01"),
        ("Phases 1, 2, and 3", "01 02 03"),
        ("Phases 1/2/3", "01 02 03"),
        ("Phases 1 + 2", "01 02"),
        ("Phase 1 - the types", "01"),
        ("Phase 1 — 2 new types", "01"),
        ("Phase 1 (3 files)", "01"),
        ("Phase 1, 3 files changed", "01"),
        ("Phase 1 with 4 tests", "01"),
        ("Phase 5 only", "05"),
        ("Phase 3 but not Phase 2", "03"),
        ("Phase 3 (not Phase 2)", "03"),
        ("Phase 1 (see Phase 2 for details)", "01"),
        ("Phase 12 until release", "12"),
        ("Can start once Phase 3 is done", "03"),
        ("Starts when Phases 3 and 4 are done", "03 04"),
        ("Phase 3's parser", "03"),
        ("Phase 3, 4.", "03 04"),
        ("Phase IDs P01..P03", "01 01a 02 02a 03"),
        ("P01…P03", "01 01a 02 02a 03"),
        ("Phase 1 thru 3", "01 01a 02 02a 03"),
        ("Phase 1 until Phase 3", "01"),
        ("Phases 1-3, 5", "01 01a 02 02a 03 05"),
        ("`Phase 1`, `Phase 2`", "01 02"),
        ("Phase: 1", "01"),
        ("Phase #1", "01"),
        ("Phases: 1, 2", "01 02"),
        ("Phase No. 1", "01"),
        ("Phase one", "01"),
        ("Phase 1 & Phase 2 must both pass", "01 02"),
        ("Phase 1 or Phase 2", "01 02"),
        ("Milestone 3", "03"),
        ("Wave 1, Wave 2", "01 02"),
        ("Wave 1-2", "01 01a 02"),
        ("Phases 01-07, inclusive", "01 01a 02 02a 03 03a 03b 04 05 05a 06 06a 07"),
        ("Phase 7 complete (which needs Phase 3)", "07"),
        ("Phase 2 – unblocks Phase 9", "02"),
        ("Phase 2 → unblocks 9", "02"),
        ("Phase 2 followed by Phase 9", "02"),
        ("Phase 2 (will be used by Phase 9)", "02"),
        ("Phase 2 rather than Phase 3", "02"),
        ("Phase 2 instead of Phase 3", "02"),
        ("Phase 2; Phase 3", "02 03"),
        ("Phase 2 complete; Phase 3 complete", "02 03"),
        ("Phase 2 | Phase 3", "02 03"),
        ("Ph 2", "02"),
        ("Ph. 2", "02"),
        ("PHASE-02", "02"),
        ("P02.", "02"),
        ("PLAN-20250101-X.P02", "02"),
        ("PLAN-20250101-X.P02, PLAN-20250101-X.P03", "02 03"),
        ("project-plans/x/.completed/P02.md", "02"),
        (
            "`project-plans/x/.completed/P02.md` and `.completed/P03a.md` exist",
            "02 03a",
        ),
        ("phase 02 exit gate green", "02"),
        ("03", "03"),
        ("03a", "03a"),
        ("Phases 2a, 3a", "02a 03a"),
        ("Phases 2a-3a", "02a 03 03a"),
        ("Phase 2/2a", "02 02a"),
    ],
)
def test_a_phrase_needs_the_phases_that_it_says_are_needed(text: str, keys: str):
    assert needs(text) == tuple(keys.split())


@pytest.mark.parametrize(
    "text",
    [
        "None (can run in parallel with Phases 2-4)",
        "None",
        "N/A",
        "-",
        "—",
        "none — first phase",
        "Nothing",
        "No dependencies",
        "Independent of Phase 3",
        "Must run before Phase 9",
        "Blocks Phase 9",
        "Not dependent on Phase 2",
        "Does not depend on Phase 2",
        "See Phase 2",
        "None; Phase 9 depends on this",
        "None – can start immediately after Phase 0",
        "pnpm 9, node 20",
        "Python 3.11",
        "serde 1, tokio 1",
        "redis 7",
        "crate `foo` 1.2",
        "REQ-001, REQ-002",
        "issue #12",
        "PR #3",
        "enables Phase 9",
        "Feeds into Phase 9",
        "unlike Phase 2",
    ],
)
def test_a_number_that_is_not_said_to_be_needed_is_no_need(text: str):
    assert needs(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "All previous phases",
        "All previous phases complete",
        "all prior phases",
        "All phases above",
        "All earlier work",
        "everything above",
        "All phases",
        "All phases complete",
        "all above phases",
    ],
)
def test_all_previous_phases_are_those_above(text: str):
    assert set(needs(text)) >= set(BEFORE[2:])
    assert set(needs(text)) <= set(BEFORE)


def test_a_phase_one_must_wait_for_is_needed():
    assert needs("Cannot start until Phase 3 is merged") == ("03",)


def test_what_a_list_excepts_is_not_needed():
    assert needs("All previous phases except Phase 3") == tuple(
        k for k in BEFORE if k != "03"
    )
    assert needs("Phases 1-3 (excluding 2)") == ("01", "01a", "02a", "03")
