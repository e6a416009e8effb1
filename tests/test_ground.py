import json
import os
import subprocess
from pathlib import Path

import pytest

from weighlock.disk import load
from weighlock.git import GitError
from weighlock.ground import look
from weighlock.plan.lint import lint

PLAN = """\
## Phase 1: Parser
**Files to create:**
- `src/parser.ts`

```bash
test -f src/parser.ts
test -f src/gone.ts
npm run check
npm test -- --grep parser
cat src/words.ts
cat src/never.ts
cat src/later.ts
cat src/fresh.ts
```

## Phase 2: Printer
**Files to create:**
- `src/later.ts`
"""


def git(repo: Path, *args: str) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *who, *args], cwd=repo, env=env, check=True)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    for name in ("pkg/src/words.ts", "src/gone.ts", "plans/x/plan.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PLAN)
    manifest = {"devDependencies": {"vitest": "1"}, "scripts": {"test": "vitest run"}}
    (tmp_path / "package.json").write_text(json.dumps(manifest))
    (tmp_path / ".gitignore").write_text("*.log\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "rm", "-q", "src/gone.ts")
    git(tmp_path, "commit", "-qm", "two")
    (tmp_path / "src").mkdir(exist_ok=True)
    (tmp_path / "src/fresh.ts").write_text("")
    (tmp_path / "run.log").write_text("")
    return tmp_path


def test_what_is_there_what_was_there_and_what_packages_say(repo: Path):
    plan = load(repo / "plans/x/plan.md")
    ground = look(repo / "plans", plan)
    assert ground.home == "plans/x"
    assert "pkg/src/words.ts" in ground.tracked
    assert ground.present == {"src/fresh.ts"}
    assert ground.past == {"src/gone.ts"}
    assert ground.runners == {"": {"vitest"}}
    assert ground.scripts == {"": {"test": "vitest run"}}


def test_lint_tells_missing_paths_options_and_scripts_at_the_very_word(repo: Path):
    plan = load(repo / "plans/x/plan.md")
    found = [p for p in lint(plan, look(repo, plan)) if p.code >= "WL407"]
    told = [
        (p.source.line, p.source.column, p.message.split(" ", 1)[0])
        for p in found
        if p.source
    ]
    assert told == [
        (7, 9, "src/gone.ts"),
        (8, 9, "no"),
        (9, 13, "vitest"),
        (11, 5, "src/never.ts"),
        (12, 5, "src/later.ts"),
    ]
    assert "once" in found[0].message
    assert "phase 02 makes it" in found[4].hint


def test_a_repository_without_a_commit_says_so(tmp_path: Path):
    git(tmp_path, "init", "-q")
    (tmp_path / "plan.md").write_text(PLAN)
    with pytest.raises(GitError, match="no commit"):
        look(tmp_path, load(tmp_path / "plan.md"))


def test_an_unreadable_manifest_is_none(repo: Path):
    (repo / "package.json").write_text("{")
    git(repo, "commit", "-qam", "three")
    assert look(repo, load(repo / "plans/x/plan.md")).scripts == {}
