"""A real repository in a temporary place, and its Workspace."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from weighlock.git import Git
from weighlock.ports import Delivery, Merged, Room
from weighlock.tree import contents
from weighlock.workspace import Clones, clones

BRANCH = "weighlock/demo"
MESSAGE = "demo: 01\n\nPlan: demo\nPhase: {}\nRun: r1\nEvidence: sha256:{}\n"


@dataclass(frozen=True, slots=True)
class Bench:
    """A repository with a first commit, and what a run does with it."""

    place: Path
    git: Git
    base: str
    space: Clones

    def open(self, phase: str = "01", base: str = "", start: str | None = None) -> Room:
        return asyncio.run(self.space.open(phase, 1, base or self.base, start))

    def freeze(self, room: Room) -> Delivery:
        return asyncio.run(self.space.freeze(room))

    def combine(self, delivery: Delivery, tip: str = "") -> Merged:
        return asyncio.run(self.space.combine(delivery, tip or self.tip()))

    def land(self, merged: Merged, edits=None, phase: str = "01") -> str | None:
        message = MESSAGE.format(phase, "0" * 64)
        return asyncio.run(self.space.land(merged, edits or {}, message))

    def tip(self) -> str:
        return asyncio.run(self.space.tip())

    def close(self, room: Room) -> None:
        asyncio.run(self.space.close(room))

    def files(self, commit: str) -> dict[str, bytes]:
        """Return path → bytes of a commit."""
        names = self.git.lines("ls-tree", "-r", "-z", "--name-only", commit)
        return contents(self.git, commit, names)

    def mode(self, commit: str, path: str) -> str:
        return self.git.text("ls-tree", commit, "--", path)[:6]

    def tree(self, commit: str) -> str:
        return self.git.text("rev-parse", f"{commit}^{{tree}}")

    def delivered(self, phase: str = "01", **files: str) -> Delivery:
        """Return what an attempt delivers that writes these files."""
        room = self.open(phase, self.tip())
        for name, text in files.items():
            (room.path / name).write_text(text)
        return self.freeze(room)


Make = Callable[..., Bench]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a repository whose first commit holds what ``fill`` writes."""

    def made(fill: Callable[[Path], None] | None = None, *init: str) -> Bench:
        root = tmp_path / "project"
        root.mkdir()
        git = Git(root)
        git.run("init", "-q", "-b", "main", *init)
        if fill is None:
            (root / "a.txt").write_text("one\n")
        else:
            fill(root)
        git.run("add", "-A", "-f")
        git.run("commit", "-q", "--allow-empty", "-m", "first")
        base = git.text("rev-parse", "HEAD")
        space = clones(
            root,
            BRANCH,
            base=base,
            cache=tmp_path / "cache",
            state=git.common_dir() / "weighlock",
        )
        return Bench(tmp_path, git, base, space)

    return made


@pytest.fixture
def bench(make: Make) -> Bench:
    """A repository with one file."""
    return make()


def agent(room: Room, *args: str) -> str:
    """Run git as an agent would: in the clone, with the clone's configuration."""
    import subprocess

    done = subprocess.run(
        ["git", *args],
        cwd=room.path,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(name="agent")
def _agent() -> Callable[..., str]:
    return agent
