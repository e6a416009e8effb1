"""An integration phase is done when code that existed before uses what is new."""

from dataclasses import replace

import pytest
from tests_checks import codes, command, held, notes, phase

from weighlock.checks.kinds import RULES
from weighlock.checks.reach import wiring

FRESH = "def fresh():\n    return 1\n"
TS = "export function fresh(): number {\n  return 1;\n}\n"

# name → (base, delivered); the new file is the one that base does not have
Tree = dict[str, str]
USED: dict[str, tuple[Tree, Tree]] = {
    "a call": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh\ndef main():\n"
            "    return fresh()\n",
        },
    ),
    "an import within a function": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "def main():\n    from . import new\n\n"
            "    return new.fresh()\n",
        },
    ),
    "another name": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh as f\n"
            "def main():\n    return f()\n",
        },
    ),
    "a chain of packages that hand it on": (
        {
            "kit/__init__.py": "",
            "kit/deep/__init__.py": "",
            "app.py": "def main():\n    return 0\n",
        },
        {
            "kit/deep/new.py": FRESH,
            "kit/deep/__init__.py": "from .new import fresh as better\n",
            "kit/__init__.py": "from kit.deep import better as best\n",
            "app.py": "import kit\ndef main():\n    return kit.best()\n",
        },
    ),
    "a chain of new files": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/step.py": "from kit.new import fresh\ndef step():\n"
            "    return fresh()\n",
            "kit/app.py": "from kit.step import step\ndef main():\n    return step()\n",
        },
    ),
    "a table of what can be done": (
        {"kit/app.py": "WAYS = {}\ndef main(w):\n    return WAYS[w]()\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh\n\nWAYS = {'fresh': fresh}\n\n\n"
            "def main(w):\n    return WAYS[w]()\n",
        },
    ),
    "a decorator of a framework": (
        {"kit/app.py": "from web import app\n", "kit/main.py": "import kit.app\n"},
        {
            "kit/new.py": f"from web import app\n\n\n@app.route('/fresh')\n{FRESH}",
            "kit/main.py": "import kit.app\nimport kit.new\n",
        },
    ),
    "a call that registers it": (
        {"kit/main.py": "import kit.app\n", "kit/app.py": "def add(f): ...\n"},
        {
            "kit/new.py": f"from kit.app import add\n\n\n{FRESH}\n\nadd(fresh)\n",
            "kit/main.py": "import kit.app\nimport kit.new\n",
        },
    ),
    "an entry point in the manifest": (
        {"pyproject.toml": "[project]\nname = 'kit'\n", "kit/__init__.py": ""},
        {
            "kit/new.py": FRESH,
            "pyproject.toml": "[project]\nname = 'kit'\n[project.scripts]\n"
            "fresh = 'kit.new:fresh'\n",
        },
    ),
    "a name that a test takes from the package": (
        {"kit/__init__.py": "", "tests/test_kit.py": ""},
        {
            "kit/new.py": FRESH,
            "kit/__init__.py": "from kit.new import fresh\n",
            "tests/test_kit.py": "from kit import fresh\ndef test_it():\n"
            "    assert fresh() == 1\n",
        },
    ),
    "a place where files are found by their place": (
        {"kit/app.py": "x = 1\n", "kit/commands/old.py": "def handle():\n    pass\n"},
        {"kit/commands/new.py": FRESH},
    ),
    "typescript: a call": (
        {"src/app.ts": "export function main() {\n  return 0;\n}\n"},
        {
            "src/new.ts": TS,
            "src/app.ts": "import { fresh } from './new.js';\n"
            "export function main() {\n"
            "  return fresh();\n}\n",
        },
    ),
    "typescript: by way of an index": (
        {"src/index.ts": "", "src/app.ts": "export const main = () => 0;\n"},
        {
            "src/parts/new.ts": TS,
            "src/parts/index.ts": "export { fresh as better } from './new';\n",
            "src/index.ts": "export * from './parts';\n",
            "src/app.ts": "import * as kit from './index';\n"
            "export const main = () => kit.better();\n",
        },
    ),
    "typescript: a provider of a module": (
        {"src/app.module.ts": "@Module({ providers: [] })\nexport class App {}\n"},
        {
            "src/new.ts": "@Injectable()\nexport class Fresh {}\n",
            "src/app.module.ts": "import { Fresh } from './new';\n"
            "@Module({ providers: [Fresh] })\nexport class App {}\n",
        },
    ),
    "javascript: require": (
        {"lib/app.js": "module.exports = { main() {} };\n"},
        {
            "lib/new.js": "exports.fresh = function () { return 1; };\n",
            "lib/app.js": "const { fresh } = require('./new');\n"
            "module.exports = { main() { return fresh(); } };\n",
        },
    ),
    "javascript: the default of a file": (
        {"lib/app.mjs": "export const main = () => 0;\n"},
        {
            "lib/new.mjs": "export default function () { return 1; }\n",
            "lib/app.mjs": "import made from './new.mjs';\n"
            "export const main = () => made();\n",
        },
    ),
    "javascript: a program of the package": (
        {"package.json": '{"name": "kit"}\n', "lib/app.js": "x();\n"},
        {
            "bin/new.js": "function fresh() {}\nfresh();\n",
            "package.json": '{"name": "kit", "bin": {"kit": "./bin/new.js"}}\n',
        },
    ),
    "typescript: a package of the workspace": (
        {
            "packages/core/package.json": '{"name": "@kit/core"}\n',
            "packages/core/src/index.ts": "",
            "packages/cli/src/app.ts": "export const main = () => 0;\n",
        },
        {
            "packages/core/src/new.ts": TS,
            "packages/core/src/index.ts": "export * from './new.js';\n",
            "packages/cli/src/app.ts": "import { fresh } from '@kit/core';\n"
            "export const main = () => fresh();\n",
        },
    ),
    "rust": (
        {"src/main.rs": "fn main() {}\n"},
        {
            "src/new.rs": "pub fn fresh() -> u8 { 1 }\n",
            "src/main.rs": 'mod new;\nfn main() { println!("{}", new::fresh()); }\n',
        },
    ),
    "rust: use": (
        {"src/lib.rs": "pub mod app;\n", "src/app.rs": "pub fn main() {}\n"},
        {
            "src/new/mod.rs": "pub struct Fresh;\n",
            "src/lib.rs": "pub mod app;\nmod new;\n",
            "src/app.rs": "use crate::new::{Fresh as F};\n"
            "pub fn main() { F; let _x = F; }\n",
        },
    ),
    "go: the same package": (
        {"limit/limit.go": "package limit\n\nfunc Allow() int { return 0 }\n"},
        {
            "limit/new.go": "package limit\n\nfunc fresh() int { return 1 }\n",
            "limit/limit.go": "package limit\n\nfunc Allow() int { return fresh() }\n",
        },
    ),
    "go: another package": (
        {"cmd/main.go": "package main\n\nfunc main() {}\n"},
        {
            "limit/new.go": "package limit\n\nfunc Fresh() int { return 1 }\n",
            "cmd/main.go": 'package main\n\nimport l "ex.com/m/limit"\n\n'
            "func main() { l.Fresh() }\n",
        },
    ),
    "java": (
        {"src/a/App.java": "package a;\nclass App { void main() {} }\n"},
        {
            "src/b/Fresh.java": "package b;\npublic class Fresh {}\n",
            "src/a/App.java": "package a;\nimport b.Fresh;\n"
            "class App { void main() { new Fresh(); } }\n",
        },
    ),
    "java: found by its annotation": (
        {"src/a/App.java": "package a;\nclass App { void main() {} }\n"},
        {"src/b/Fresh.java": "package b;\n@Component\npublic class Fresh {}\n"},
    ),
}

UNUSED: dict[str, tuple[Tree, Tree, str]] = {
    "nothing": ({"kit/app.py": "import os\n"}, {"kit/new.py": FRESH}, "review"),
    "an import alone": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh  # noqa\n"
            "def main():\n    return 0\n",
        },
        "fail",
    ),
    "a name in a comment and a text": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "import kit.new\ndef main():\n    # fresh() is used\n"
            "    return 'fresh'\n",
        },
        "fail",
    ),
    "a name that stands alone": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh\ndef main():\n    fresh\n"
            "    _ = fresh\n    return 0\n",
        },
        "fail",
    ),
    "a call that never runs": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh\ndef main():\n    if False:\n"
            "        fresh()\n    return 0\n    fresh()\n",
        },
        "fail",
    ),
    "a type that is only looked up": (
        {"kit/app.py": "from typing import TYPE_CHECKING\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
            "    from kit.new import fresh\n",
        },
        "review",
    ),
    "a private function that nothing calls": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "from kit.new import fresh\ndef _later():\n"
            "    return fresh()\ndef main():\n    return 0\n",
        },
        "fail",
    ),
    "a table in the new file": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": f"{FRESH}\n\nWAYS = {{'fresh': fresh}}\n",
            "kit/app.py": "import kit.new\ndef main():\n    return 0\n",
        },
        "fail",
    ),
    "the same name of another module": (
        {
            "kit/old.py": FRESH,
            "kit/app.py": "from kit.old import fresh\ndef main():\n"
            "    return fresh()\n",
        },
        {
            "kit/new.py": FRESH,
            "kit/app.py": "import kit.new\nfrom kit.old import fresh\n\n\n"
            "def main():\n    return fresh() + 1\n",
        },
        "fail",
    ),
    "a decorator of the library": (
        {"kit/app.py": "def main():\n    return 0\n"},
        {
            "kit/new.py": f"import functools\n\n\n@functools.cache\n{FRESH}",
            "kit/app.py": "import kit.new\ndef main():\n    return 0\n",
        },
        "fail",
    ),
    "its own test": (
        {"kit/app.py": "import os\n"},
        {
            "kit/new.py": FRESH,
            "tests/test_new.py": "from kit.new import fresh\ndef test_it():\n"
            "    assert fresh() == 1\n",
        },
        "review",
    ),
    "a name in a text": (
        {"kit/app.py": "import importlib\n"},
        {
            "kit/new.py": FRESH,
            "kit/app.py": "import importlib\ndef main():\n"
            "    return importlib.import_module('kit.new').fresh()\n",
        },
        "review",
    ),
    "typescript: an import alone": (
        {"src/app.ts": "export function main() {\n  return 0;\n}\n"},
        {
            "src/new.ts": TS,
            "src/app.ts": "import { fresh } from './new';\nvoid fresh;\n"
            "export function main() {\n  return 0;\n}\n",
        },
        "fail",
    ),
    "rust: a module alone": (
        {"src/main.rs": "fn main() {}\n"},
        {
            "src/new.rs": "pub fn fresh() -> u8 { 1 }\n",
            "src/main.rs": "mod new;\n#[allow(unused)]\n"
            "use new::fresh;\nfn main() {}\n",
        },
        "fail",
    ),
    "go: a blank import": (
        {"cmd/main.go": "package main\n\nfunc main() {}\n"},
        {
            "limit/new.go": "package limit\n\nfunc Fresh() int { return 1 }\n",
            "cmd/main.go": "package main\n\n"
            'import _ "ex.com/m/limit"\n\nfunc main() {}\n',
        },
        "fail",
    ),
    "java: an import alone": (
        {"src/a/App.java": "package a;\nclass App { void main() {} }\n"},
        {
            "src/b/Fresh.java": "package b;\npublic class Fresh {}\n",
            "src/a/App.java": "package a;\nimport b.Fresh;\n"
            "class App { void main() {} }\n",
        },
        "fail",
    ),
}


def weighed(base: Tree, work: Tree, *, kind: str = "integration", files: str = ""):
    """Look at a delivery that adds to base or changes what is there."""
    new = [p for p in work if p not in base and "test" not in p]
    planned = phase(kind=kind, files=files or " ".join(f"+{p}" for p in new))
    return wiring.look(held(planned, base, work), RULES[planned.kind])


@pytest.mark.parametrize("case", USED)
def test_new_code_that_is_used_is_wired(case: str) -> None:
    base, work = USED[case]
    assert codes(weighed(base, work)) == set()


@pytest.mark.parametrize("case", UNUSED)
def test_new_code_that_nothing_runs_is_not_wired(case: str) -> None:
    base, work, verdict = UNUSED[case]
    found = weighed(base, work)
    assert (codes(found), found.verdict) == ({"not-wired"}, verdict)


def test_a_file_nobody_planned_and_nobody_uses_is_worth_knowing() -> None:
    base, work = USED["a call"]
    more = {**work, "kit/spare.py": "def spare(): ...\n"}
    found = weighed(base, more, files="+kit/new.py")
    assert (codes(found), notes(found)) == (set(), {"not-wired"})


CLIENT = "export function send(): number {\n  return 0;\n}\n"
TAKES = "import { fresh } from './new.js';\n" + CLIENT


@pytest.mark.parametrize(
    ("work", "seen"),
    [
        ({"src/app.ts": TAKES.replace("0", "fresh()")}, set()),
        (
            {"src/app.ts": TAKES.replace("return", "void fresh;\n  return")},
            {"not-wired"},
        ),
        ({"src/app.ts": CLIENT.replace("0", "1")}, {"not-wired"}),
        ({"src/routes.json": '["./new"]\n'}, set()),
        ({"src/app.ts": "export * from './new.js';\n" + CLIENT}, set()),
        ({"src/app.ts": CLIENT.replace("0", "this.fresh()")}, set()),
        ({"src/app.ts": CLIENT.replace("0", "1"), "src/new.ts": TS + TS}, set()),
        ({"app.py": "x = 1\n"}, set()),
    ],
)
def test_a_phase_that_brings_nothing_new_joins_what_was_made_before(
    work: Tree, seen: set[str]
) -> None:
    made = phase("04", files="+src/new.ts")
    joins = phase(kind="integration", needs=("04",))
    base = {"src/app.ts": CLIENT, "src/new.ts": TS, "app.py": "x = 0\n"}
    subject = held(joins, base, work)
    subject = replace(subject, plan=replace(subject.plan, phases=(made, joins)))
    assert codes(wiring.look(subject, RULES["integration"])) == seen


def test_other_kinds_of_phases_may_leave_code_for_later() -> None:
    assert codes(weighed({}, {"kit/new.py": FRESH}, kind="impl")) == set()


MAIN = "def main():\n    return 0\n\n\nif __name__ == '__main__':\n    main()\n"


@pytest.mark.parametrize(
    "base",
    [
        {"kit/app.py": MAIN},
        {"kit/app.py": "def main():\n    return 0\n", "kit/run.py": MAIN},
        {
            "kit/app.py": "def main():\n    return 0\n",
            "kit/x.py": "#!x\ndef f(): ...\n",
        },
    ],
)
def test_a_file_that_is_run_says_nothing_of_how_others_are_found(base: Tree) -> None:
    work = {"kit/new.py": FRESH, "kit/app.py": base["kit/app.py"].replace("0", "1")}
    assert codes(weighed(base, work)) == {"not-wired"}


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("python3 -m kit.new --help", True),
        ("X=1 python kit/new.py | grep -c x", True),
        ("./kit/new.py", True),
        ("uv run python -B -m kit.new", True),
        ("test -e kit/new.py", False),
        ("grep -c fresh kit/new.py", False),
        ("python3 -c 'from kit.new import fresh; fresh()'", False),
        ("python3 -m py_compile kit/new.py", False),
        ("node --check kit/new.py", False),
    ],
)
def test_to_look_at_a_file_is_not_to_start_it(line: str, *, starts: bool) -> None:
    given = phase(kind="integration", files="+kit/new.py", commands=(command(line),))
    subject = held(given, {"kit/app.py": MAIN}, {"kit/new.py": FRESH})
    found = wiring.look(subject, RULES["integration"])
    assert found.verdict == ("pass" if starts else "review")


@pytest.mark.slow
def test_the_gate_asks_an_integration_phase_where_its_code_is_used(project) -> None:
    made = project(
        {
            "kit/__init__.py": "",
            "kit/app.py": MAIN.replace("main()\n", "print(main())\n"),
        },
        phase(
            kind="integration",
            files="+kit/new.py ~kit/app.py",
            commands=(command("python3 -m kit.app", "contains", "1"),),
        ),
    )
    app = made.git.text("show", f"{made.base}:kit/app.py") + "\n"
    faked = {"kit/new.py": FRESH, "kit/app.py": app.replace("return 0", "return 1")}
    verdict = made.weigh(faked)
    assert (verdict.verdict, codes(verdict)) == ("review", {"not-wired"})
    wired = "from kit.new import fresh\n" + app.replace("return 0", "return fresh()")
    assert made.weigh({"kit/new.py": FRESH, "kit/app.py": wired}).verdict == "pass"


@pytest.mark.slow
@pytest.mark.parametrize(("calls", "verdict"), [(".fresh()", "pass"), ("", "review")])
def test_what_is_found_by_a_made_up_name_counts_when_a_command_runs_it(
    project, calls: str, verdict: str
) -> None:
    made = project(
        {"kit/__init__.py": "", "kit/app.py": MAIN},
        phase(
            kind="integration",
            files="+kit/new.py ~kit/app.py",
            commands=(command("python3 -m kit.app"),),
        ),
    )
    name = "importlib.import_module('kit.' + ''.join(['n', 'ew']))"
    rest = MAIN.partition("return 0\n")[2]
    app = f"import importlib\n\n\ndef main():\n    {name}{calls}\n{rest}"
    found = made.weigh({"kit/new.py": FRESH, "kit/app.py": app})
    assert (found.verdict, "not-wired" in notes(found)) == (verdict, bool(calls))
