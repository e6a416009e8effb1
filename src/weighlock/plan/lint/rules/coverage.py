"""Rules on what a plan leaves open: fields of its phases, its requirements."""

from weighlock.plan.lint.rules.rule import Rule

COVERAGE: tuple[Rule, ...] = (
    Rule(
        code="WL201-requirement-undefined",
        severity="warning",
        family="coverage",
        title="a requirement is cited but defined nowhere",
        why="Nobody can say when it is met.",
        cure="Define it, or correct the id.",
        bad="""\
--- requirements.md
### REQ-001: Words become lower case
--- plan/01-parser.md
# Phase 01: Parser
Implements REQ-001 and REQ-007.
--- plan/02-printer.md
# Phase 02: Printer
""",
        good="""\
--- requirements.md
### REQ-001: Words become lower case
### REQ-007: Blanks become hyphens
--- plan/01-parser.md
# Phase 01: Parser
Implements REQ-001 and REQ-007.
--- plan/02-printer.md
# Phase 02: Printer
""",
    ),
    Rule(
        code="WL202-requirement-uncovered",
        severity="warning",
        family="coverage",
        title="a requirement is in no phase",
        why="The plan can pass from end to end without it.",
        cure="Cite it in the phase that meets it, or take it out.",
        bad="""\
--- requirements.md
### REQ-001: Words become lower case
### REQ-002: Blanks become hyphens
--- plan/01-parser.md
# Phase 01: Parser
Implements REQ-001.
--- plan/02-printer.md
# Phase 02: Printer
""",
        good="""\
--- requirements.md
### REQ-001: Words become lower case
### REQ-002: Blanks become hyphens
--- plan/01-parser.md
# Phase 01: Parser
Implements REQ-001.
--- plan/02-printer.md
# Phase 02: Printer
Implements REQ-002.
""",
    ),
    Rule(
        code="WL203-no-owner",
        severity="warning",
        family="coverage",
        title="a phase has no owner, though the others have",
        why="The default agent will do it, whoever was meant.",
        cure="Name the owner as the other phases do.",
        bad="""\
## Phase 1: Parser
**Owner:** Rust Developer

## Phase 2: Printer
**Owner:** Rust Developer

## Phase 3: Manual
""",
        good="""\
## Phase 1: Parser
**Owner:** Rust Developer

## Phase 2: Printer
**Owner:** Rust Developer

## Phase 3: Manual
**Owner:** Writer
""",
    ),
    Rule(
        code="WL204-no-blast-radius",
        severity="warning",
        family="coverage",
        title="a phase has no blast radius, though the others have",
        why="Nothing says which tests must stay green, so all of them must.",
        cure="Give the test command or the path pattern.",
        bad="""\
## Phase 1: Parser
**Blast Radius:** `cargo test -p parser`

## Phase 2: Printer
**Blast Radius:** `cargo test -p printer`

## Phase 3: Pager
""",
        good="""\
## Phase 1: Parser
**Blast Radius:** `cargo test -p parser`

## Phase 2: Printer
**Blast Radius:** `cargo test -p printer`

## Phase 3: Pager
**Blast Radius:** `cargo test -p pager`
""",
    ),
    Rule(
        code="WL205-no-files",
        severity="warning",
        family="coverage",
        title="a phase names no files, though the others do",
        why="Whether the work exists cannot be checked by looking.",
        cure="List what is created and what is modified.",
        bad="""\
## Phase 1: Parser
**Files to create:**
- `src/parser.py`

## Phase 2: Printer
**Files to create:**
- `src/printer.py`

## Phase 3: Pager
Show one screen at a time.
""",
        good="""\
## Phase 1: Parser
**Files to create:**
- `src/parser.py`

## Phase 2: Printer
**Files to create:**
- `src/printer.py`

## Phase 3: Pager
**Files to create:**
- `src/pager.py`
""",
    ),
    Rule(
        code="WL206-no-criteria",
        severity="warning",
        family="coverage",
        title="a phase has no acceptance criteria, though the others have",
        why="Nothing says when it is done.",
        cure="Add criteria, best as commands with an expected result.",
        bad="""\
## Phase 1: Parser
**Acceptance Criteria:**
- [ ] every word is found

## Phase 2: Printer
**Acceptance Criteria:**
- [ ] every word is printed

## Phase 3: Pager
Edit `src/pager.py`.
""",
        good="""\
## Phase 1: Parser
**Acceptance Criteria:**
- [ ] every word is found

## Phase 2: Printer
**Acceptance Criteria:**
- [ ] every word is printed

## Phase 3: Pager
**Acceptance Criteria:**
- [ ] one screen at a time is shown
""",
    ),
    Rule(
        code="WL207-nothing-to-check",
        severity="warning",
        family="coverage",
        title="nothing in a phase can be checked",
        why="No file, command, test or criterion: any work passes, and so does none.",
        cure="Name a file it changes, or a command that fails until it is done.",
        bad="""\
## Phase 1: Parser
Make it robust.

## Phase 2: Printer
```bash
pytest tests/test_printer.py
```
""",
        good="""\
## Phase 1: Parser
```bash
pytest tests/test_parser.py
```

## Phase 2: Printer
```bash
pytest tests/test_printer.py
```
""",
    ),
)
