"""Where an agent works: a git repository at the base of its phase, and what it left."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.truth.cases import AGENTS, HERE, REPOS, Case, Repository
from bench.truth.node import packages
from bench.truth.python import programs

WHEN = "2026-11-02T08:00:00+00:00"
"""One date for all commits, so that a base is the same commit each time."""
AGENT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a program ended and what it said."""

    code: int
    out: str
    err: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A repository after the agent left."""

    case: Case
    repo: Repository
    root: Path
    base: str
    """The commit that the agent began from."""
    said: Said
    shared: Path
    """A home that all cases share: what a judge may keep warm from case to case."""


def environment(home: Path) -> dict[str, str]:
    """Return the written-out environment of every program of the bench."""
    home.mkdir(parents=True, exist_ok=True)
    found = {name: os.environ[name] for name in _TOOLS if name in os.environ}
    return found | {
        "PATH": f"{programs()}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_CACHE_HOME": str(home / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": WHEN,
        "GIT_COMMITTER_DATE": WHEN,
        "GIT_AUTHOR_NAME": "ann",
        "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "ann",
        "GIT_COMMITTER_EMAIL": "ann@example.org",
        "PYTHONDONTWRITEBYTECODE": "1",
        "RUSTUP_HOME": _rustup("RUSTUP_HOME", ".rustup"),
        "CARGO_HOME": _rustup("CARGO_HOME", ".cargo"),
        "CARGO_NET_OFFLINE": "true",
    }


_TOOLS = ("RUSTUP_TOOLCHAIN", "GOROOT")


def _rustup(name: str, folder: str) -> str:
    return os.environ.get(name) or str(Path.home() / folder)


def call(
    words: Sequence[str],
    *,
    cwd: Path,
    env: dict[str, str],
    seconds: float = 120,
    stdin: str = "",
) -> Said:
    """Run a program to its end; one that does not end has code 124."""
    began = perf_counter()
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            input=stdin.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Said(code=124, out="", err="no end", seconds=perf_counter() - began)
    return Said(
        code=done.returncode,
        out=done.stdout.decode(errors="replace"),
        err=done.stderr.decode(errors="replace"),
        seconds=perf_counter() - began,
    )


def lay(repo: Repository, stages: Sequence[str], root: Path) -> None:
    """Write some stages of a repository over each other, without git."""
    for stage in stages:
        shutil.copytree(REPOS / repo.name / stage, root, dirs_exist_ok=True)


def begin(case: Case, repo: Repository, root: Path, env: dict[str, str]) -> str:
    """Make the repository at the base of the case's phase; return the base commit."""
    root.mkdir(parents=True)
    _git(root, env, "init", "-q", "-b", "main")
    for stage in repo.stages:
        if stage <= (case.stage or case.phase):
            lay(repo, [stage], root)
            _git(root, env, "add", "-A")
            _git(root, env, "commit", "-q", "-m", f"Reach stage {stage}")
    if (AGENTS / case.id / "base").is_dir():
        shutil.copytree(AGENTS / case.id / "base", root, dirs_exist_ok=True)
        _git(root, env, "commit", "-q", "-a", "-m", "Ask for more")
    installed = packages(repo) if repo.setup else None
    if installed:
        (root / installed.name).symlink_to(installed)
    base = _git(root, env, "rev-parse", "HEAD")
    _git(root, env, "checkout", "-q", "-b", "work")
    return base


def _git(root: Path, env: dict[str, str], *words: str) -> str:
    done = call(["git", *words], cwd=root, env=env)
    if done.code:
        raise RuntimeError(f"git {' '.join(words)}: {done.err}")
    return done.out.strip()


def pack(case: Case, repo: Repository, target: Path) -> Path:
    """Pack an agent: its script, its hands, and the stages of the repository."""
    with zipfile.ZipFile(target, "w") as box:
        box.write(AGENTS / case.id / "apply.py", "__main__.py")
        box.write(HERE / "hand.py", "hand.py")
        for stage in repo.stages:
            folder = REPOS / repo.name / stage
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                if "__pycache__" not in path.parts:
                    name = path.relative_to(folder).as_posix()
                    box.write(path, f"stages/{stage}/{name}")
    return target


def work(case: Case, repo: Repository, folder: Path) -> Room:
    """Make the repository and let the agent do its work in it."""
    env = environment(folder / "home") | dict(case.work)
    root = folder / "repo"
    base = begin(case, repo, root, env)
    agent = pack(case, repo, folder / "agent.pyz")
    said = call([sys.executable, str(agent)], cwd=root, env=env, seconds=AGENT_S)
    return Room(
        case=case,
        repo=repo,
        root=root,
        base=base,
        said=said,
        shared=folder.parent / "shared",
    )


def words_of(repo: Repository) -> list[str]:
    """Return the command that runs the repository's suite."""
    python = str(programs() / "python3")
    return [word.replace("{python}", python) for word in repo.suite]


def copy(room: Room, target: Path) -> Path:
    """Copy a repository as the agent left it, links and modes as they are."""
    shutil.copytree(room.root, target, symlinks=True)
    return target
