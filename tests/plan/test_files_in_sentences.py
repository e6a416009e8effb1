"""What lists, sentences and single lines of a phase say of files and commands."""

import pytest

from weighlock.plan.model import Phase, Source
from weighlock.plan.parts.asks import for_tests_to_follow
from weighlock.plan.parts.steps import installs, why_no_check
from weighlock.plan.read import read


def phase(text: str, title: str = "Phase 1: Do it") -> Phase:
    data = f"# Plan\n\n## {title}\n\n{text}\n".encode()
    plan = read([Source(path="plan.md", data=data)], path="plan.md", root=".")
    return plan.phases[0]


def listed(text: str) -> set[str]:
    return {f"{f.action} {f.path}" for f in phase(text).files}


def said(text: str) -> set[str]:
    return {f"{f.action} {f.path}" for f in phase(text).said}


def ran(text: str) -> list[tuple[str, str]]:
    return [(c.text, c.expect.form) for c in phase(text).commands]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (
            "**Files to create:** `a.json` (made, 120 rows), `b.py` and `c.py`",
            {"create a.json", "create b.py", "create c.py"},
        ),
        (
            "**Files to modify:** `a.py` (`f(x, y=1)`), `b.py` (DELETE), `c.py`",
            {"modify a.py", "delete b.py", "modify c.py"},
        ),
        (
            "**Files to create:** `a.py`\n\n`pytest tests/a_test.py` passes",
            {"create a.py"},
        ),
        (
            "**Files to create:** `a.py`\n\n`src/b.py` stays as it is.",
            {"create a.py"},
        ),
        (
            "Files:\n- Modify: `tests/a.py` (rename to `tests/b.py`)",
            {"delete tests/a.py", "create tests/b.py"},
        ),
        ("**Files:** modify `a.py`, if the test finds a fault", set[str]()),
        (
            "- Modify: `a.py`\n- Test: `tests/a_test.py`",
            {"modify a.py", "modify tests/a_test.py"},
        ),
        ("- Modify: `a.py`\n- Test: `pytest -q`", {"modify a.py"}),
    ],
)
def test_a_list_demands_each_file_that_it_names(text: str, files: set[str]) -> None:
    assert listed(text) == files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Move `a.py` and `b.py` to `new/`.", ("a.py new/a.py b.py new/b.py")),
        ("First rename the module `a.py` to `b.py`.", "a.py b.py"),
        ("| from | to |\n|---|---|\n| `a.py` | `x/a.py` |", "a.py x/a.py"),
        ("```bash\ngit mv a.py b.py\n```", "a.py b.py"),
        ("**Files to move:**\n- `a.py` -> `b.py`", "a.py b.py"),
        ("Do not move `a.py` to `b.py`.", ""),
        ("| file | test |\n|---|---|\n| `a.py` | `x/a.py` |", ""),
    ],
)
def test_a_move_lets_one_file_go_and_another_come(text: str, files: str) -> None:
    words = files.split()
    moves = {f"delete {p}" for p in words[::2]} | {f"create {p}" for p in words[1::2]}
    assert said(text) == moves


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("- Modify `run.sh`: mode 755", {"modify run.sh"}),
        ("Add JPY; test it in `tests/a.py`.", {"modify tests/a.py"}),
        ("Update `tests/a.py` for the new form.", {"modify tests/a.py"}),
        ("- `tests/a.py`: two tests", {"modify tests/a.py"}),
        ("- `tests/a.py`: existing tests stay green", set[str]()),
        ("Do not change `tests/a.py`.", set[str]()),
        ("The tests leave their pages in `out/`.", set[str]()),
        ("Remove `b` from `a.py` as `x.py` does", set[str]()),
        ("**Files:** modify `a.py`, if needed", {"modify a.py"}),
    ],
)
def test_a_sentence_permits_and_demands_nothing(text: str, files: set[str]) -> None:
    assert (said(text), listed(text)) == (files, set())


@pytest.mark.parametrize(
    ("text", "follow"),
    [
        ("Update the existing tests accordingly.", True),
        ("Rename `f` to `g` and update all callers and tests.", True),
        ("Rename `f` everywhere: product, tests, docs.", True),
        ("Do not update tests.", False),
        ("Update the parser until all tests pass.", False),
        ("Update `f`. Run the tests.", False),
    ],
)
def test_old_tests_follow_where_the_plan_lets_them(
    text: str,
    follow: bool,  # noqa: FBT001 - a case
) -> None:
    assert for_tests_to_follow(text) is follow


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("`pytest -q` passes", [("pytest -q", "pass")]),
        ("Tests: `npm test`", [("npm test", "default")]),
        ("**Acceptance:**\n- `ruff check src` exits 0", [("ruff check src", "exit")]),
        ("`ls src` shows what is there", []),
        ("`npm run dev`", []),
        ("**Blast Radius:** `pytest tests/x.py`", []),
    ],
)
def test_a_line_that_is_a_command_is_one(
    text: str, commands: list[tuple[str, str]]
) -> None:
    assert ran(text) == commands


def test_what_is_to_be_found_nowhere_is_said_of_one_verb_of_git_alone() -> None:
    text = "```bash\ngit diff --stat HEAD~1\ngit status --short\n# Expected: none\n```"
    assert ran(text) == [
        ("git diff --stat HEAD~1", "default"),
        ("git status --short", "none"),
    ]


def test_one_task_alone_is_a_phase() -> None:
    one = phase("**Files:**\n- Create: `a.py`", "Task 4: Write it")
    assert (one.key, one.title, len(one.files)) == ("04", "Write it", 1)


RED_FIRST = """\
Run: `pytest tests/a.py`
Expected: FAIL

Run: `pytest tests/a.py -v`
Expected: PASS
"""


@pytest.mark.parametrize(
    ("kind", "steps"), [("impl", [True, False]), ("tdd", [False] * 2)]
)
def test_what_was_to_fail_first_is_a_step(kind: str, steps: list[bool]) -> None:
    one = phase(f"Kind: {kind}\n\n{RED_FIRST}")
    assert [bool(why_no_check(one, at)) for at in range(2)] == steps


def test_what_fails_last_is_no_step() -> None:
    one = phase("Run: `pytest a`\nExpected: PASS\n\nRun: `pytest b`\nExpected: FAIL")
    assert not any(why_no_check(one, at) for at in range(2))


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("pip install -e .", True),
        ("cd ui && npm ci", True),
        ("python3 -m venv .venv && . .venv/bin/activate", True),
        ("npm ci && npm test", False),
        ("pip install . && python -m kit", False),
        ("npm run install-check", False),
    ],
)
def test_an_installation_shows_nothing(text: str, only: bool) -> None:  # noqa: FBT001 - a case
    assert installs(text) is only
