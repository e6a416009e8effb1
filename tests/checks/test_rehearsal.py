import asyncio
from pathlib import Path

from weighlock.checks.place.launch import Place
from weighlock.checks.rehearsal import rehearse
from weighlock.plan.lint import lint
from weighlock.plan.lint.ground import Ground
from weighlock.plan.model import Source
from weighlock.plan.read import read

PLAN = b"""\
## Phase 1: Parser
```bash
test -f there
sleep 9
```

## Phase 2: Printer
```bash
test -f there
test -f not-there
```

## Phase 3: Pager
```bash
test -f there
```
"""


def test_what_passes_before_the_work_is_told_and_only_where_nothing_else_would_fail(
    tmp_path: Path,
):
    tree, home = tmp_path / "tree", tmp_path / "home"
    tree.mkdir()
    home.mkdir()
    (tree / "there").write_text("")
    plan = read([Source(path="plan.md", data=PLAN)], path="plan.md", root=".")
    place = Place(tree=tree, home=home)
    trials = asyncio.run(rehearse(plan, place, limit_s=0.3))
    assert [(t.phase, t.passed) for t in trials] == [
        ("01", True),
        ("01", None),
        ("02", True),
        ("02", False),
        ("03", True),
    ]
    found = [p.message for p in lint(plan, Ground(trials=trials)) if "WL409" in p.code]
    assert [message[:8] for message in found] == ["phase 03"]
