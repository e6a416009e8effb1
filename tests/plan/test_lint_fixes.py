from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan.lint import RULES, lint
from weighlock.plan.lint.fixes import FIXABLE, Edit, apply, fixes
from weighlock.plan.lint.rules import read_example
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read

MARKED = """\
## Phase 1: Parser
```python
# @plan PLAN-20260101-DEMO.P01
```

```bash
{}
```
"""


def one(data: bytes) -> Plan:
    return read([Source(path="plan.md", data=data)], path="plan.md", root=".")


def mended(plan: Plan, edits: tuple[Edit, ...]) -> Plan:
    sources = [
        replace(s, data=apply(s.data, tuple(e for e in edits if e.file == s.path)))
        for s in plan.sources
    ]
    return read(sources, path=plan.path, root=plan.root)


def command(text: str) -> str:
    plan = one(MARKED.format(text).encode())
    edits = fixes(plan, lint(plan))
    return mended(plan, edits).sources[0].data.decode().splitlines()[-2]


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r.code in FIXABLE], ids=lambda rule: rule.code
)
def test_what_is_fixed_is_gone_for_good_and_nothing_new_appears(rule):
    plan = read_example(rule.bad)
    before = lint(plan, rule.ground)
    new = mended(plan, fixes(plan, before))
    after = lint(new, rule.ground)
    assert rule.code in {p.code for p in before}
    assert {p.code for p in after} <= {p.code for p in before} - {rule.code}
    assert fixes(new, after) == ()


def test_every_fixable_code_is_a_rule():
    assert {r.code for r in RULES} >= FIXABLE


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ('grep -r "@plan:PLAN-1.P01" src/', 'grep -r "@plan PLAN-1.P01" src/'),
        ("rg '@plan:PLAN-1.P01' src/", "rg '@plan PLAN-1.P01' src/"),
        ("grep -r @plan:PLAN-1.P01 src/", "grep -r @plan:PLAN-1.P01 src/"),
        (
            'grep -rn --include="*.py" "TODO|FIXME" src/',
            r'grep -rn --include="*.py" "TODO\|FIXME" src/',
        ),
        ('grep -n "string | null" a.ts', 'grep -n "string | null" a.ts'),
        ('npx vitest run --grep "a b"', 'npx vitest run --testNamePattern "a b"'),
        ("pytest --grep=words", "pytest --grep=words"),
        ("pytest --grep words", "pytest -k words"),
        ("npx vitest --forceExit", "npx vitest --forceExit"),
    ],
)
def test_only_what_is_certain_is_written(bad: str, good: str):
    assert command(bad) == good


def test_line_ends_a_mark_at_the_start_and_foreign_letters_stay():
    text = "\ufeff" + MARKED.format('grep -r "@plan:PLAN-1.P01" src/ # für alle')
    data = text.replace("\n", "\r\n").encode()
    plan = one(data)
    new = mended(plan, fixes(plan, lint(plan))).sources[0].data
    assert new == data.replace(b"@plan:", b"@plan ")


def test_mangled_glyphs_become_the_glyphs_they_were():
    plan = one("# Plan ‚úÖ\r\n\r\n## Phase 1: é ‚úÖ\r\n".encode())
    new = mended(plan, fixes(plan, lint(plan))).sources[0].data
    assert new == "# Plan ✅\r\n\r\n## Phase 1: é ✅\r\n".encode()


LINES = st.sampled_from(
    [
        'grep -r "@plan:PLAN-1.P01" src/',
        'grep -rn "TODO|FIXME" src/ | grep -v "a|b"',
        "npx vitest --grep x",
        "echo ‚úÖ done",
        "# Expected: 2+",
        "npm test || true",
        "Käse",
        "",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_fixing_twice_is_fixing_once_and_edits_never_overlap(lines, end):
    data = MARKED.format("\n".join(lines)).replace("\n", end).encode()
    plan = one(data)
    before = lint(plan)
    edits = fixes(plan, before)
    assert all(a.end <= b.start for a, b in pairwise(edits))
    new = mended(plan, edits)
    after = lint(new)
    assert fixes(new, after) == ()
    assert {p.code for p in after} <= {p.code for p in before}
    # what lies between the edits is the same, byte for byte
    at = there = 0
    for edit in edits:
        kept = data[at : edit.start]
        assert new.sources[0].data[there : there + len(kept)] == kept
        at, there = edit.end, there + len(kept) + len(edit.new)
    assert new.sources[0].data[there:] == data[at:]
