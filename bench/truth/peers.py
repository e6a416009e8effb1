"""Judges that others published, run as they come, each in its best configuration.

``make truth`` installs them beside our environment; one that is not there is not
measured, and says so.
"""

import json
import shlex
import sys
from pathlib import Path

from bench.truth.cases import HERE
from bench.truth.room import Room, begin, call, environment, words_of
from bench.truth.rulings import Ruling

BIN = HERE.parents[1] / ".venv-peers" / "bin"
"""Where ``make truth`` puts them."""
_HELD = ("conftest.py", "pyproject.toml", "package.json", "Cargo.toml", "go.mod")
"""What decides how tests run, in any of the repositories."""
_FREE = frozenset({"tdd", "migration", "deprecation"})
"""Kinds whose plan names tests or such files: nothing can be forbidden there."""


def absent() -> list[str]:
    """Return the peers that are not installed."""
    programs = {"taskproof": "taskproof", "agent-guard": "agent-guard"}
    return [name for name, file in programs.items() if not (BIN / file).is_file()]


def taskproof(room: Room, root: Path, folder: Path) -> Ruling:
    """Let taskproof 0.4 dispatch the agent, verify, and forbid the tests' paths."""
    env = environment(folder / "home") | dict(room.case.work)
    del root
    again = folder / "again"
    begin(room.case, room.repo, again, env)
    state = folder / "state"
    agent = room.root.parent / "agent.pyz"
    tool = [str(BIN / "taskproof"), "--workspace", str(state)]
    call([*tool, "init"], cwd=folder, env=env)
    with (state / "projects.toml").open("a") as file:
        file.write(_lane(room, again))
    words = ["run", "lane", room.case.phase, "--timeout", "120"]
    adapter = f"custom:{shlex.join([sys.executable, str(agent)])}"
    done = call([*tool, *words, "--adapter", adapter], cwd=folder, env=env)
    return Ruling(
        judge="taskproof",
        case=room.case.id,
        word="pass" if done.code == 0 else "fail",
        seconds=done.seconds,
        said=done.out[-400:] + done.err[-400:],
    )


def _lane(room: Room, root: Path) -> str:
    suite = shlex.join(words_of(room.repo))
    if room.case.kind == "tdd":
        suite = f"! {suite}"
    forbidden = [] if room.case.kind in _FREE else [".git/", *_protected(room, root)]
    values = {
        "id": "lane",
        "path": str(root),
        "verify": shlex.join(["sh", "-c", suite]),
        "verify_kind": "check",
        "forbidden_paths": forbidden,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(["", "[[taskgroup]]", *lines, ""])


def _protected(room: Room, root: Path) -> list[str]:
    tests = [p for glob in room.repo.tests for p in root.glob(_files(glob))]
    names = {p.relative_to(root).as_posix() for p in tests if p.is_file()}
    return sorted(names | set(_HELD))


def _files(glob: str) -> str:
    return f"{glob}/*" if glob.endswith("**") else glob


def agent_guard(room: Room, root: Path, folder: Path) -> Ruling:
    """Ask agent-guard-hooks 0.7 after the fact: stop rule, both sniffers, the suite.

    Its home is inside the agent, where its hooks refuse writes as they happen; the
    bench's agents are programs and have no hooks, so it is asked as its command line
    can be: by the snapshot at base, and by the files of tests that were changed.
    """
    env = environment(folder / "home") | dict(room.case.work)
    tool = str(BIN / "agent-guard")
    again = folder / "repo"
    begin(room.case, room.repo, again, env)
    told = json.dumps({"session_id": "bench", "cwd": str(again)})
    call([tool, "hook-snapshot"], cwd=again, env=env, stdin=told)
    agent = room.root.parent / "agent.pyz"
    call([sys.executable, str(agent)], cwd=again, env=env)
    stop = call([tool, "hook-test"], cwd=again, env=env, stdin=told)
    changed = _changed_tests(room, again, env)
    sniffed = [
        call([tool, verb, *changed], cwd=again, env=env)
        for verb in ("cheatsniff", "tamper-check")
        if changed
    ]
    suite = call(words_of(room.repo), cwd=again, env=env)
    green = (suite.code != 0) == (room.case.kind == "tdd")
    blocked = stop.code != 0 or '"block"' in stop.out
    fine = green and not blocked and not any(s.code for s in sniffed)
    said = [stop, *sniffed, suite]
    del root
    return Ruling(
        judge="agent-guard",
        case=room.case.id,
        word="pass" if fine else "fail",
        seconds=sum(s.seconds for s in said),
        said="\n".join(s.out[-200:] + s.err[-200:] for s in said),
    )


def _changed_tests(room: Room, root: Path, env: dict[str, str]) -> list[str]:
    base = room.base
    listed = [
        *call(["git", "diff", "--name-only", base], cwd=root, env=env).out.split("\n"),
        *call(
            ["git", "ls-files", "-o", "--exclude-standard"], cwd=root, env=env
        ).out.split("\n"),
    ]
    tests = {
        p.relative_to(root).as_posix()
        for glob in room.repo.tests
        for p in root.glob(_files(glob))
        if p.is_file()
    }
    helpers = {"conftest.py"}
    return sorted({p for p in listed if p in tests | helpers and (root / p).is_file()})
