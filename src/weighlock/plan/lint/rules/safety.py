"""Rules on phases that run side by side."""

from weighlock.plan.lint.rules.rule import Rule

SAFETY: tuple[Rule, ...] = (
    Rule(
        code="WL301-shared-file",
        severity="warning",
        family="safety",
        title="two phases of a group change one file",
        why="Side by side one would overwrite the other, so they run in turn.",
        cure="Give the file to one phase, or let one need the other.",
        bad="""\
## Phase 1: Parser
**Dependencies:** None
**Parallel:** Yes (with Phase 2)
**Files to modify:**
- `src/words.py`

## Phase 2: Printer
**Dependencies:** None
**Parallel:** Yes (with Phase 1)
**Files to modify:**
- `src/words.py`
""",
        good="""\
## Phase 1: Parser
**Dependencies:** None
**Parallel:** Yes (with Phase 2)
**Files to modify:**
- `src/words.py`

## Phase 2: Printer
**Dependencies:** None
**Parallel:** Yes (with Phase 1)
**Files to modify:**
- `src/printer.py`
""",
    ),
    Rule(
        code="WL302-need-in-group",
        severity="warning",
        family="safety",
        title="a phase needs one of its own group",
        why="They cannot run side by side as the group says.",
        cure="Drop the need, or take the phase out of the group.",
        bad="""\
## Phase 1: Parser
**Dependencies:** None

## Phase 2: Printer
**Dependencies:** Phase 1
**Parallel:** Yes (with Phase 1)
""",
        good="""\
## Phase 1: Parser
**Dependencies:** None

## Phase 2: Printer
**Dependencies:** None
**Parallel:** Yes (with Phase 1)
""",
    ),
    Rule(
        code="WL303-wave-too-early",
        severity="error",
        family="safety",
        title="a phase stands in an earlier wave than one it needs",
        why="When its wave runs, what it needs has not been made.",
        cure="Move it to a wave after its need.",
        bad="""\
--- 01-01-PLAN.md
---
phase: 01-words
plan: 01
wave: 2
depends_on: []
---
--- 01-02-PLAN.md
---
phase: 01-words
plan: 02
wave: 1
depends_on: ["01-01"]
---
""",
        good="""\
--- 01-01-PLAN.md
---
phase: 01-words
plan: 01
wave: 1
depends_on: []
---
--- 01-02-PLAN.md
---
phase: 01-words
plan: 02
wave: 2
depends_on: ["01-01"]
---
""",
    ),
)
