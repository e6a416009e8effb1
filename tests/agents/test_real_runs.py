"""The main job with real agents: a two-phase plan, run to its end over ACP.

``make test-agents`` installs the pinned packages and runs this.
"""

import json

import pytest

pytestmark = pytest.mark.agents

NAMES = ("claude", "codex", "opencode", "gemini")

PLAN = """\
# Plan: Greeting

## Phase 1: Hello

**Files to create:**
- `hello.py`

```bash
python3 hello.py
# Expected: hello from the script
```

## Phase 2: Louder

**Dependencies:** Phase 1

**Files to create:**
- `louder.py`

```bash
python3 louder.py | grep -c HELLO
# Expected: 1
```
"""

HELLO = "print('hello from the script')\n"
LOUDER = """\
import subprocess, sys
said = subprocess.check_output([sys.executable, "hello.py"], text=True)
print(said.upper())
"""
SCRIPTS = [
    {
        "when": ": phase 01,",
        "steps": [{"write": "hello.py", "text": HELLO}, {"say": "Phase 1 is done."}],
    },
    {
        "when": ": phase 02,",
        "steps": [{"write": "louder.py", "text": LOUDER}, {"say": "Phase 2 is done."}],
    },
]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_agent_completes_a_two_phase_plan(
    name, real_toml, scripted_model, make_real, tmp_path
):
    project = make_real(tmp_path)
    project.write("docs/two.md", PLAN)
    model = scripted_model(SCRIPTS)
    config = real_toml(name, model)
    (project.beside / "weighlock.toml").write_text(config, encoding="utf-8")
    done = project.run("run", "docs/two.md", "--progress", "plain", seconds=200)
    assert done.returncode == 0, done.stderr
    status = json.loads(project.run("status", "--json").stdout)
    assert [p["state"] for p in status["phases"]] == ["passed", "passed"]
    names = project.git("ls-tree", "--name-only", status["branch"]).split()
    assert {"hello.py", "louder.py"} <= set(names)
    report = project.run("report").stdout
    assert "Phase 1 is done." in report
