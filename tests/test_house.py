"""The house keeps its own rules: sizes, words, surface, start-up, nothing leaked."""

import ast
import importlib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import weighlock
from weighlock.cli import VERBS, cli

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "weighlock"
CORE = ("plan", "run", "engine", "ports.py", "errors.py")

FUNCTION = 40
"""Lines of a function, its docstring not counted."""
MODULE = 300
FOLDER = 12
ROOMY = {
    "cli": 30,
    "plan": 24,
    "plan/dialects": 22,
    "views": 24,
    "agents": 18,
    "plan/lint": 16,
    "run": 14,
}
"""Folders that hold more modules than FOLDER: one per verb, check, part or view.

A folder is opened when its modules fall into families; these are one family each. A
number here may only be lowered.
"""
LOOSE = {
    "errors.py": 1,
    "run/events.py": 2,
    "run/steps/__init__.py": 1,
    "run/prompt.py": 2,
    "run/state.py": 2,
    "run/verdict.py": 8,
    "engine/judged.py": 3,
}
"""Uses of Any, noqa and type: ignore in the core; a number may only be lowered.

``Any`` stands for JSON at the border (documents, events) and for a table from a type of
event to its own step, which no type of Python can say.
"""
HEAVY = (
    "rich",
    "asyncio",
    "pydantic",
    "acp",
    "yaml",
    "markdown_it",
    "junitparser",
    "aiohttp",
    "platformdirs",
    "filelock",
)


def modules(*below: str) -> Iterator[tuple[str, Path]]:
    """Return our modules by their path below the package; the demo's is a user's."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        inside = not below or name.split("/")[0] in below
        if inside and not name.startswith("demo/project/"):
            yield name, path


@cache
def parsed() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((name, ast.parse(path.read_text())) for name, path in modules())


@cache
def sizes() -> dict[str, int]:
    """Return every function with its lines."""
    return {
        f"{name}:{one.lineno} {one.name}": length(one)
        for name, tree in parsed()
        for one in functions(tree)
    }


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count lines without the docstring: saying what it is for costs nothing."""
    first, lines = function.body[0], function.end_lineno - function.lineno + 1
    said = ast.get_docstring(function) is not None
    return lines - (first.end_lineno - first.lineno + 1 if said else 0)


def tracked() -> list[str]:
    """Return the files that git knows; outside a repository, none."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            yield name, data.decode(errors="replace")


def imported_by(code: str) -> set[str]:
    """Return the modules that a fresh process holds after some code."""
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(shown.stdout.splitlines()[-1].split())


def test_no_function_outgrows_a_screen():
    assert {name: lines for name, lines in sizes().items() if lines > FUNCTION} == {}


def test_functions_are_small_by_habit():
    lines = sorted(sizes().values())
    assert lines[len(lines) // 2] <= 10


def test_no_module_outgrows_its_idea():
    sizes = {name: len(path.read_text().splitlines()) for name, path in modules()}
    assert {name: size for name, size in sizes.items() if size > MODULE} == {}


def test_no_folder_holds_more_modules_than_it_may():
    counts = Counter(
        str(Path(name).parent) for name, _ in modules() if not name.endswith("__.py")
    )
    over = {f: n for f, n in counts.items() if n > ROOMY.get(f, FOLDER)}
    assert over == {}


def test_every_module_says_what_it_is_for():
    silent = [name for name, tree in parsed() if not ast.get_docstring(tree)]
    assert silent == []


def looseness(text: str) -> int:
    """Count what the type checker and the linter were told to overlook."""
    names = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name))
    overlooked = re.findall(r"# (?:noqa|type: ignore)", text)
    return sum(n.id == "Any" for n in names) + len(overlooked)


def test_the_core_grows_no_looser():
    counts = {name: looseness(path.read_text()) for name, path in modules(*CORE)}
    assert {n: c for n, c in counts.items() if c} == LOOSE


def test_the_core_knows_no_clock_no_disk_and_no_process():
    banned = {"time", "os", "subprocess", "socket", "random", "logging", "tempfile"}
    found = {}
    for name, path in modules("plan", "run", "ports.py", "errors.py", "engine"):
        tree = ast.parse(path.read_text())
        plain = (n for n in ast.walk(tree) if isinstance(n, ast.Import))
        named = (n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom))
        used = {a.name.split(".")[0] for n in plain for a in n.names}
        used |= {(n.module or "").split(".")[0] for n in named}
        if used & banned:
            found[name] = used & banned
    assert found == {}


def test_the_public_surface_is_sorted_complete_and_importable():
    names = weighlock.__all__
    assert names == sorted(names)
    assert all(getattr(weighlock, name).__name__ == name for name in names)
    assert set(names) | {"__version__"} == set(dir(weighlock))
    errors = importlib.import_module("weighlock.errors")
    tree = {
        n
        for n, v in vars(errors).items()
        if isinstance(v, type) and issubclass(v, errors.WeighlockError)
    }
    assert tree <= set(names)


def test_the_public_surface_is_the_same_for_a_type_checker():
    tree = ast.parse((PACKAGE / "__init__.py").read_text())
    [block] = (node for node in tree.body if isinstance(node, ast.If))
    named = [a.name for node in block.body for a in node.names]
    assert sorted(named) == weighlock.__all__


def test_a_name_that_is_not_supported_is_no_attribute():
    with pytest.raises(AttributeError, match="no attribute 'Manager'"):
        _ = weighlock.Manager


def test_the_module_of_a_public_name_never_takes_its_place():
    code = (
        "import weighlock.cli, weighlock.disk, weighlock.plan.lint, weighlock.run\n"
        "assert callable(weighlock.load) and callable(weighlock.lint)"
    )
    assert "weighlock.disk" in imported_by(code)


def test_importing_the_package_imports_nothing_else_of_it():
    found = {m for m in imported_by("import weighlock") if m.startswith("weighlock")}
    assert found == {"weighlock"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_module_with_a_command_of_its_name(verb):
    module, line = VERBS[verb]
    importlib.import_module(f"weighlock.cli.{module}")
    command = cli.get_command(click.Context(cli), verb)
    assert command.name == verb
    assert command.help
    assert line.endswith(".")
    assert len(line) <= 60


def called(*arguments: str) -> set[str]:
    """Return what a call of the command line imports, whatever it says."""
    code = (
        "import contextlib, io, sys\n"
        f"sys.argv = {['weighlock', *arguments]!r}\n"
        "from weighlock.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress("
        "SystemExit):\n    main()"
    )
    return imported_by(code)


def test_help_imports_nothing_heavy():
    found = called("--help")
    assert "weighlock.cli" in found
    assert not found & set(HEAVY)


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_imports_nothing_heavy(verb):
    found = called(verb, "--help")
    assert f"weighlock.cli.{VERBS[verb][0]}" in found
    assert not found & {"rich", "pydantic", "acp", "aiohttp"}


def test_weighing_loads_nothing_that_runs_agents_or_writes_plans():
    found = imported_by(
        "import weighlock.cli.verify, weighlock.checks.gate, weighlock.journal"
    )
    ours = {f"weighlock.{name}" for name in ("engine", "agents", "plan.splice")}
    assert not found & {*ours, "weighlock.plan.lint", "importlib.metadata", "unittest"}


def test_lint_and_show_need_neither_an_agent_nor_a_terminal(tmp_path):
    plan = tmp_path / "plan.md"
    plan.write_text("# Plan\n\n## Phase 1: Greet\n\nCreate `a.py`.\n")
    for verb in ("lint", "show"):
        found = called(verb, str(plan), "--json")
        assert "weighlock.plan.read" in found
        assert not found & {"rich", "pydantic", "acp", "aiohttp", "asyncio"}


def test_status_needs_neither_an_agent_nor_a_terminal(tmp_path):
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        mine = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *mine, *words], cwd=tmp_path, check=True)
    found = called("status", "--repo", str(tmp_path))
    assert "weighlock.cli.opened" in found
    assert not found & {"rich", "pydantic", "acp", "aiohttp", "markdown_it"}


def test_no_file_names_a_place_of_this_machine():
    here = re.compile(r"(?<![\w.$~])/(?:work|Users|root)/\w|/home/[a-z]+/")
    found = [
        n for n, text in texts() if n != "tests/test_house.py" and here.search(text)
    ]
    assert found == []


def test_no_file_names_an_index_or_locks_to_one():
    index = re.compile(r"pypi\.org/simple|index-url|extra-index|registry\.npmjs")
    found = [
        n for n, text in texts() if n != "tests/test_house.py" and index.search(text)
    ]
    assert found == []
    locks = ("uv.lock", "poetry.lock", "pdm.lock", "pip.conf", ".npmrc")
    assert [n for n in tracked() if Path(n).name in locks and "data" not in n] == []


def test_the_documentation_calls_only_verbs_that_exist():
    calls = re.compile(r"^\s*(?:\$ )?weighlock ([a-z][a-z-]*)", re.MULTILINE)
    fence = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
    pages = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
    unknown = {
        f"{page.name}: {verb}"
        for page in pages
        for block in fence.findall(page.read_text())
        for verb in calls.findall(block)
        if verb not in VERBS
    }
    assert unknown == set()


def test_a_verb_that_is_hinted_at_exists():
    hint = re.compile(r"(?:: |`|; )weighlock ([a-z-]+)(?=[\"'`;,)|]| [A-Z{\[-])")
    unknown = {
        f"{name}: {verb}"
        for name, path in modules()
        for verb in hint.findall(path.read_text())
        if verb not in VERBS
    }
    assert unknown == set()


def test_the_schemas_are_written_once_each():
    schema = re.compile(r"\"(weighlock/[a-z]+/\d+)\"")
    found = Counter(
        name for _, path in modules() for name in schema.findall(path.read_text())
    )
    assert json.dumps([n for n, count in found.items() if count > 1]) == "[]"
