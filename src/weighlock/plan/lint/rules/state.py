"""Rules on what a plan says of its own progress."""

from weighlock.plan.lint.ground import Ground
from weighlock.plan.lint.rules.rule import Rule

STATE: tuple[Rule, ...] = (
    Rule(
        code="WL501-tracker-lacks-phase",
        severity="warning",
        family="state",
        title="the tracker has no row for a phase",
        why="Its state is nowhere to be seen.",
        cure="Add the row.",
        bad="""\
--- execution-tracker.md
| Phase | Status |
|---|---|
| 01 | pending |
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
""",
        good="""\
--- execution-tracker.md
| Phase | Status |
|---|---|
| 01 | pending |
| 02 | pending |
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
""",
    ),
    Rule(
        code="WL502-tracker-extra-row",
        severity="warning",
        family="state",
        title="the tracker has a row for no phase",
        why="It waits for work that nobody will do.",
        cure="Remove the row, or add the phase.",
        bad="""\
--- execution-tracker.md
| Phase | Status |
|---|---|
| 01 | pending |
| 02 | pending |
| 03 | pending |
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
""",
        good="""\
--- execution-tracker.md
| Phase | Status |
|---|---|
| 01 | pending |
| 02 | pending |
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
""",
    ),
    Rule(
        code="WL503-states-differ",
        severity="warning",
        family="state",
        title="tracker and completion markers say different things",
        why="One of the two is wrong, and people believe the one they read first.",
        cure="Look at the tree; weighlock verify says which is right.",
        bad="""\
--- execution-tracker.md
| Phase | Status |
|---|---|
| 01 | completed |
| 02 | completed |
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
--- .completed/P01.md
Done.
""",
        good="""\
--- execution-tracker.md
| Phase | Status |
|---|---|
| 01 | completed |
| 02 | pending |
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
--- .completed/P01.md
Done.
""",
    ),
    Rule(
        code="WL504-phantom-completion",
        severity="error",
        family="state",
        title="a phase is called completed, and its files exist in no commit",
        why="The work was reported, not done; later phases build on nothing.",
        cure="Open the phase again; weighlock verify says what is missing.",
        bad="""\
## Phase 1: Parser
**Status:** completed
**Files to create:**
- `src/parser.py`
""",
        good="""\
## Phase 1: Parser
**Status:** pending
**Files to create:**
- `src/parser.py`
""",
        ground=Ground(tracked=frozenset({"README.md"})),
    ),
    Rule(
        code="WL505-boxes-open",
        severity="warning",
        family="state",
        title="something is called done while its boxes are open",
        why="One of the two was not kept up; nobody can say what is left to do.",
        cure="Tick what was checked, or open the status again.",
        bad="""\
---
status: done
---
## Phase 1: Parser
- [ ] every word is found

## Phase 2: Printer
- [ ] every word is printed
""",
        good="""\
---
status: done
---
## Phase 1: Parser
- [x] every word is found

## Phase 2: Printer
- [x] every word is printed
""",
    ),
    Rule(
        code="WL506-need-unfinished",
        severity="warning",
        family="state",
        title="a phase is completed before one that it needs",
        why="A phase was skipped, or done without anybody saying so.",
        cure="Do what was skipped, or mark it as skipped, with the reason.",
        bad="""\
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
--- plan/03-pager.md
# Phase 03: Pager
--- .completed/P01.md
Done.
--- .completed/P03.md
Done.
""",
        good="""\
--- plan/01-parser.md
# Phase 01: Parser
--- plan/02-printer.md
# Phase 02: Printer
--- plan/03-pager.md
# Phase 03: Pager
--- .completed/P01.md
Done.
--- .completed/P02.md
Done.
""",
    ),
    Rule(
        code="WL507-plan-status-differs",
        severity="warning",
        family="state",
        title="the plan is called done while phases of it are not",
        why="Whoever reads the first lines believes that nothing is left.",
        cure="Correct the plan's status, or that of the phases.",
        bad="""\
---
status: done
---
## Phase 1: Parser
**Status:** completed

## Phase 2: Printer
**Status:** pending
""",
        good="""\
---
status: in progress
---
## Phase 1: Parser
**Status:** completed

## Phase 2: Printer
**Status:** pending
""",
    ),
)
