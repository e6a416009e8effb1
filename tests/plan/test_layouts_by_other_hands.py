"""Plans as other authors lay them out: the same few phases in many forms."""

import pytest

from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read

PLANS = {
    "Roman numbers": (
        "01 02<01 03<01,02",
        """\
# X
## Phase I: Foundations
text
## Phase II: Build
Dependencies: Phase I
## Phase III – Ship
Dependencies: Phases I and II
""",
    ),
    "underlined titles": (
        "01 02<01 03<01,02",
        """\
Migrate the cache
=================

Phase 1: Measure
----------------

Depends on: none
A paragraph ends here
---

Phase 2: Replace
----------------
Depends on: Phase 1

Phase 3: Drop
-------------
Depends on: Phases 1 and 2
""",
    ),
    "letters with numbers": (
        "a.1 a.2<a.1 b.1<a.1,a.2",
        """\
# Plan
## Phase A: Basis
### Phase A.1: Types
### Phase A.2: Store
**Dependencies:** Phase A.1
## Phase B: Face
### Phase B.1: View
**Dependencies:** Phases A.1-A.2
""",
    ),
    "T with a dot": (
        "T1.1 T1.2<T1.1 T2.1<T1.1,T1.2",
        """\
# Work
## T1: Basis
### T1.1: Types
### T1.2: Store
- Depends on: T1.1
## T2: Face
### T2.1: View
- Depends on: T1.1, T1.2
""",
    ),
    "boxes with T and a dot": (
        "T1.1 T1.2<T1.1 T2.1<T1.1,T1.2",
        """\
# Work
- [ ] T1 Basis
  - [ ] T1.1 Types
  - [ ] T1.2 Store (depends on T1.1)
- [x] T2.1 View (depends on T1.1, T1.2)
""",
    ),
    "three digits alone": (
        "01 02<01 03<01,02",
        """\
# Warm cache plan
## 001 Measure
## 002 Fill
Needs: 001
## 003 Drop
Depends on 001 and 002
""",
    ),
    "work packages": (
        "0.1 0.2<0.1 1.1<0.1,0.2 02<1.1",
        """\
# Phase 0 - Foundations
### Work Package 0.1: Scaffold
### WP 0.2: Build
**Depends on:** WP 0.1
# Phase 1 - Core
### WP 1.1 - Ledger
**Depends on:** WP 0.1, WP 0.2
# Phase 2 - Ship
**Depends on:** Phase 1
""",
    ),
    "sections that wait for one another": (
        "0.1 0.2<0.1 1.1<0.1,0.2",
        """\
# Phase 0: Foundations
## 0.1 Scaffold
Depends on: none
## 0.2 Build
Depends on: 0.1
# Phase 1: Core
## 1.1 Ledger
Depends on: 0.1 - 0.2
""",
    ),
    "sections that are steps": (
        "01 02<01",
        """\
# Phase 1: Foundations
## 1.1 Scaffold
## 1.2 Build
# Phase 2: Core
Depends on: Phase 1
## 2.1 Ledger
""",
    ),
    "letters": (
        "a b<a c<a,b",
        """\
# X
## Slice A: Read
**Depends on**: -
## Slice B: Write
**Depends on**: Slice A
## Slice C: Ship
**Depends on**: Slices A, B
""",
    ),
    "bold lines": (
        "01 02<01",
        """\
# Rate limiter

**Phase 1: Types**

Create `src/a.py`.

- [ ] a exists

**Phase 2: Wire up**

Depends on Phase 1.

- [ ] wired
""",
    ),
    "M for milestone": (
        "01 02<01 03<01,02",
        """\
# Plan
### M1 — Parser
### M2 — Printer
Depends on M1.
### M3 — CLI
Depends on: M1, M2
""",
    ),
    "an overview table": (
        "01 02<01 03<01,02",
        """\
# P
## Table of contents
- [Phase 1: A](#phase-1-a)
- [Phase 2: B](#phase-2-b)
## Overview
| Phase | Title | Depends on |
|---|---|---|
| 1 | A | - |
| 2 | B | 1 |
| 3 | C | 1, 2 |
## Phase 1: A
## Phase 2: B
## Phase 3: C
""",
    ),
    "needs in many forms": (
        "01 02<01 03<01,02 04<02 05<03,04 06<04",
        """\
# P
## Step 1: A
## Step 2: B
**Dependencies**:
- Step 1
## Step 3: C
**Dependencies**:
- Step 1
- Step 2 (output of the parser)
- pnpm 9
## Step 4: D
> Depends on: Step 2
## Step 5: E
*Depends on Step 3 and Step 4.*
## Step 6: F
(depends on: 4)
""",
    ),
    "underscores": (
        "01 02<01 03<02",
        """\
# P
## PHASE_1: INIT
## PHASE_2: BUILD
## PHASE-3 : SHIP
""",
    ),
    "shares of a total": (
        "01 02<01 03<02",
        """\
# P
## Phase 1/3: A
## Phase 2/3: B
## Phase 3/3: C
""",
    ),
    "one of three": (
        "01 02<01 03<02",
        """\
# P
## Phase 1 of 3: A
## Phase 2 of 3: B
## Phase 3 of 3: C
""",
    ),
    "bold list items": (
        "01 02<01",
        """\
# P
- **Phase 1: A** — create `a.py`
  - Depends on: nothing
- **Phase 2: B** — create `b.py`
  - Depends on: Phase 1
""",
    ),
    "HTML headings": (
        "01 02<01",
        """\
<h1>P</h1>
<h2>Phase 1: A</h2>
x
<h2>Phase 2: B</h2>
""",
    ),
    "a table alone": (
        "01 02<01 03<01,02",
        """\
# P
| # | Step | Depends | Status |
|---|---|---|---|
| 1 | Types | — | ✅ |
| 2 | Parser | 1 | 🔄 |
| 3 | Ship | 1-2 | ⬜ |
""",
    ),
    "boxes alone": (
        "01 02<01 03<02",
        """\
# P
- [x] Phase 1: A
- [ ] Phase 2: B (depends on Phase 1)
- [ ] Phase 3: C
""",
    ),
    "examples in fences": (
        "01 02<01 04<02",
        """\
# Plan
Example:
````markdown
## Phase 1: NOT
```bash
x
```
## Phase 2: NOT
````
## Phase 1: Real
```
## Phase 9: not
```
## Phase 2: Also real
<!--
## Phase 3: commented
-->
## Phase 4: Last
""",
    ),
    "stages": (
        "01 02<01 03<02",
        """\
# P
## Stage 1. Prepare
**Prerequisites**: none
## Stage 2. Do
**Prerequisites**: Stage 1 merged
## Stage 3. Check
**Prerequisites**: Stage 2 merged; see Stage 1 notes
""",
    ),
    "waves": (
        "01 02<01 03<01 04a<02,03 04b<02,03",
        """\
# Migration in waves

## Wave 1: Schema (P0)
- A: tables
## Wave 2: Code (P0)
Depends on: Wave 1
## Wave 3: Docs (P1)
Depends on: Wave 1
## Wave 4A: Left
Depends on: Waves 2-3
## Wave 4B: Right
Depends on: Waves 2-3
""",
    ),
    "compact labels": (
        "01 02 03<01,02",
        """\
# P
### Phase 1: Types
**Agent:** `general-purpose` | **Skills:** rust | **Complexity:** Low
**Deps:** None | **Parallel:** Yes (2)
**Deliver:** `src/a.rs`, `src/b.rs`
**Pass when:** tests pass
**If failed:** revert
### Phase 2: Parser
**Agent:** human
**Deps:** — | **Parallel:** Yes (1)
**Deliver:** `src/c.rs`
### Phase 3: Join
**Deps:** 1, 2 | **Parallel:** No
**Pass when:**
- x
""",
    ),
    "pull requests": (
        "01 02<01",
        """\
# P
## PR 1: Types
## PR 2: Parser
Depends on: PR 1
""",
    ),
}


def plan_of(text: str) -> Plan:
    source = Source(path="x.md", data=text.encode())
    return read([source], path="x.md", root=".")


def graph(plan: Plan) -> str:
    """Write phases and needs short: ``01 02<01``."""
    return " ".join(f"{p.key}<{','.join(p.needs)}".rstrip("<") for p in plan.phases)


@pytest.mark.parametrize("name", PLANS)
def test_phases_and_needs_are_found_in_any_layout(name: str):
    expected, text = PLANS[name]
    assert graph(plan_of(text)) == expected


def test_a_state_in_brackets_is_no_part_of_a_title():
    first, second = plan_of("## Phase 1: A [DONE]\n## Phase 2: B (in progress)").phases
    assert (first.title, first.status) == ("A", "completed")
    assert (second.title, second.status) == ("B", "in_progress")


def test_small_headings_below_files_say_what_happens_to_them():
    text = """## Phase 1: A
### Files
#### New
- `a.py`
#### Changed
- `b.py`
#### Removed
- `c.py`
## Phase 2: B
"""
    files = [(f.path, f.action) for f in plan_of(text).phases[0].files]
    assert files == [("a.py", "create"), ("b.py", "modify"), ("c.py", "delete")]


def test_a_word_in_brackets_behind_a_path_is_its_action():
    text = "## Phase 1: A\n**Files:**\n* src/a.py (new)\n* src/b.py (edit)\n"
    files = [(f.path, f.action) for f in plan_of(text).phases[0].files]
    assert files == [("src/a.py", "create"), ("src/b.py", "modify")]


def test_a_table_of_findings_is_no_table_of_phases():
    rows = "| 1 | a | open |\n| 2 | b | done |\n"
    text = "# P\n| # | Finding | Status |\n|---|---|---|\n" + rows
    assert [p.key for p in plan_of(text).phases] == ["01"]
    assert plan_of(text).dialect == "free"


def test_a_box_followed_by_blanks_alone_is_read():
    assert plan_of("- [ ]   \n-  \n" + " " * 40 + "- \n").phases


def test_a_box_that_stands_twice_does_not_need_itself():
    text = "- [x] T001 [P] [US1] a\n- [ ] T001 [US1] b\n- [ ] T002 c\n- [ ] T001 d\n"
    source = Source(path="x.md", data=text.encode())
    plan = read([source], path="x.md", root=".", dialect="spec-kit")
    assert plan.phases[-1].key == "T001#3"
    assert all(p.key not in p.needs for p in plan.phases)
