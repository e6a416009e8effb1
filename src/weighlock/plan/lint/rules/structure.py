"""Rules on the order of phases, their numbers, and unfilled text."""

from weighlock.plan.lint.rules.rule import Rule

STRUCTURE: tuple[Rule, ...] = (
    Rule(
        code="WL101-cycle",
        severity="error",
        family="structure",
        title="phases need each other in a circle",
        why="None of them can ever start.",
        cure="Drop the need that is only an order of writing.",
        bad="""\
## Phase 1: Parser
**Dependencies:** Phase 2

## Phase 2: Printer
**Dependencies:** Phase 1
""",
        good="""\
## Phase 1: Parser
**Dependencies:** None

## Phase 2: Printer
**Dependencies:** Phase 1
""",
    ),
    Rule(
        code="WL102-unknown-phase",
        severity="error",
        family="structure",
        title="a phase needs one that is not there",
        why="It would wait for ever, or start without what it needs.",
        cure="Correct the number, or add the phase.",
        bad="""\
## Phase 1: Parser

## Phase 2: Printer
**Dependencies:** Phase 7
""",
        good="""\
## Phase 1: Parser

## Phase 2: Printer
**Dependencies:** Phase 1
""",
    ),
    Rule(
        code="WL103-duplicate-phase",
        severity="error",
        family="structure",
        title="two phases have one number",
        why="Needs, markers and trackers cannot say which of the two they mean.",
        cure="Give one of them a number of its own.",
        bad="""\
--- plan/01-parser.md
# Phase 01: Parser
--- plan/01-printer.md
# Phase 01: Printer
""",
        good="""\
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
""",
    ),
    Rule(
        code="WL104-number-gap",
        severity="warning",
        family="structure",
        title="a number is left out",
        why="A phase was lost, or the plan was cut and later text still counts on it.",
        cure="Add the phase, or number the rest anew.",
        bad="""\
## Phase 1: Parser

## Phase 3: Printer
""",
        good="""\
## Phase 1: Parser

## Phase 2: Printer
""",
    ),
    Rule(
        code="WL105-need-comes-later",
        severity="warning",
        family="structure",
        title="a phase needs a later one",
        why="The order on paper is not the order of the work; people read the wrong "
        "one.",
        cure="Move the phase, or correct the need.",
        bad="""\
## Phase 1: Printer
**Dependencies:** Phase 2

## Phase 2: Parser
**Dependencies:** None
""",
        good="""\
## Phase 1: Parser
**Dependencies:** None

## Phase 2: Printer
**Dependencies:** Phase 1
""",
    ),
    Rule(
        code="WL106-number-disagrees",
        severity="warning",
        family="structure",
        title="file name, heading and id give different numbers",
        why="Markers written for one number are looked for under another.",
        cure="Make the three agree.",
        bad="""\
--- plan/03-stub.md
# Phase 03: Stub

## Phase ID
`PLAN-20260101-DEMO.P04`
--- plan/04-impl.md
# Phase 04: Impl
""",
        good="""\
--- plan/03-stub.md
# Phase 03: Stub

## Phase ID
`PLAN-20260101-DEMO.P03`
--- plan/04-impl.md
# Phase 04: Impl
""",
    ),
    Rule(
        code="WL107-unverified-phase",
        severity="warning",
        family="structure",
        title="a phase has no verification phase, though the others have",
        why="Nobody looks at its work before later phases build on it.",
        cure="Add the twin, or say in the phase why there is none.",
        bad="""\
--- plan/01-parser.md
# Phase 01: Parser
--- plan/01a-parser-verification.md
# Phase 01a: Parser Verification
--- plan/02-printer.md
# Phase 02: Printer
--- plan/02a-printer-verification.md
# Phase 02a: Printer Verification
--- plan/03-docs.md
# Phase 03: Documentation
--- plan/03a-docs-verification.md
# Phase 03a: Documentation Verification
--- plan/04-release.md
# Phase 04: Release
""",
        good="""\
--- plan/01-parser.md
# Phase 01: Parser
--- plan/01a-parser-verification.md
# Phase 01a: Parser Verification
--- plan/02-printer.md
# Phase 02: Printer
--- plan/02a-printer-verification.md
# Phase 02a: Printer Verification
--- plan/03-docs.md
# Phase 03: Documentation
--- plan/03a-docs-verification.md
# Phase 03a: Documentation Verification
--- plan/04-release.md
# Phase 04: Release
--- plan/04a-release-verification.md
# Phase 04a: Release Verification
""",
    ),
    Rule(
        code="WL108-placeholder",
        severity="warning",
        family="structure",
        title="template text was never filled in",
        why="An agent takes it literally, or invents what it should mean.",
        cure="Write what is meant.",
        bad="""\
## Phase 1: Parser
```bash
pytest [test-file]
```
""",
        good="""\
## Phase 1: Parser
```bash
pytest tests/test_parser.py
```
""",
    ),
    Rule(
        code="WL109-plan-twice",
        severity="info",
        family="structure",
        title="the plan stands twice in one file",
        why="A person and a program may read different copies.",
        cure="Delete the template or the example.",
        bad="""\
# Template

## Phase 1: [Name]
## Phase 2: [Name]

# Filled in

## Phase 1: Parser
## Phase 2: Printer
""",
        good="""\
# Plan

## Phase 1: Parser
## Phase 2: Printer
""",
    ),
    Rule(
        code="WL110-two-phases-in-file",
        severity="warning",
        family="structure",
        title="one file holds two phases",
        why="They are run, judged and marked as one; the second can be forgotten.",
        cure="Give each phase a file of its own.",
        bad="""\
--- plan/09-parser.md
# Phase 09: Parser
--- plan/10-printer.md
# Phase 10-11: Printer and pager
""",
        good="""\
--- plan/09-parser.md
# Phase 09: Parser
--- plan/10-printer.md
# Phase 10: Printer
--- plan/11-pager.md
# Phase 11: Pager
""",
    ),
)
