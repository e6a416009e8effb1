"""Dependencies that a checkout needs and git does not hold: node_modules, .venv.

With ``gate.setup`` they are made from the trusted base, once per state of the lock
files.  Without it, those beside the user's own checkout are lent: they are the
user's, no agent's clone is ever looked at.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock

from weighlock.checks import paths
from weighlock.checks.checkout import check_out
from weighlock.checks.launch import Place, launch, shell
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.errors import UncheckableError
from weighlock.git import Git

_LENT = ("node_modules", ".venv", "venv", "vendor/bundle")
_BINS = ("node_modules/.bin", ".venv/bin", "venv/bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """Folders to show in a checkout."""

    source: Path
    folders: tuple[str, ...] = ()
    """Relative to ``source`` and to the checkout."""

    def put_into(self, tree: Path) -> None:
        """Link every folder into a checkout that does not have it."""
        for folder in self.folders:
            target = tree / folder
            inside = target.parent.resolve().is_relative_to(tree.resolve())
            if inside and not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                _link(self.source / folder, target)

    def places(self) -> tuple[Path, ...]:
        """Return where the links lead, and what is installed there by reference."""
        folders = [(self.source / folder).resolve() for folder in self.folders]
        return (*folders, *(place for folder in folders for place in _referred(folder)))

    def bins(self, tree: Path) -> tuple[Path, ...]:
        """Return the folders of programs that were put in."""
        return tuple(
            tree / name
            for name in _BINS
            if str(PurePosixPath(name).parent) in self.folders
        )


def _link(source: Path, target: Path) -> None:
    """Link a folder; links inside it that lead back to the project stay its own.

    The packages of a node workspace are relative links out of node_modules: they
    must lead into this checkout, not into the one that lends.
    """
    if source.name != "node_modules" and not source.name.startswith("@"):
        target.symlink_to(source.resolve(), target_is_directory=True)
        return
    target.mkdir()
    for entry in source.iterdir():
        copy = target / entry.name
        if entry.is_symlink() and not entry.readlink().is_absolute():
            copy.symlink_to(entry.readlink())
        elif entry.is_dir() and entry.name.startswith("@"):
            _link(entry, copy)
        else:
            copy.symlink_to(entry.resolve())


def _referred(folder: Path) -> Iterator[Path]:
    """Return the folders that a Python environment names in its path files."""
    for file in folder.glob("lib/python*/site-packages/*.pth"):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("/") and Path(line).is_dir():
                yield Path(line)


async def prepare(
    git: Git, commit: str, scratch: Path, settings: GateSettings
) -> Supplies:
    """Return what a checkout of ``commit`` needs; runs ``setup`` when it must.

    Raises:
        UncheckableError: A set-up command failed; nothing can be tested.
    """
    if not settings.setup:
        return await asyncio.to_thread(_lent, git, commit)
    digest = await asyncio.to_thread(_digest, git, commit, settings)
    ready = scratch / "setup" / digest
    ready.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(ready.with_suffix(".lock"), thread_local=False)
    await asyncio.to_thread(lock.acquire)
    try:
        if not ready.with_suffix(".done").is_file():
            await _set_up(git, commit, ready, settings)
    finally:
        lock.release()
    return Supplies(source=ready, folders=_made(ready))


def _lent(git: Git, commit: str) -> Supplies:
    root = Path(git.text("rev-parse", "--show-toplevel"))
    tracked = git.lines("ls-tree", "-r", "-z", "--name-only", commit)
    packages = {
        str(PurePosixPath(path).parent)
        for path in tracked
        if path.endswith("/package.json")
    }
    wanted = [*_LENT, *(f"{package}/node_modules" for package in sorted(packages))]
    return Supplies(
        source=root, folders=tuple(name for name in wanted if (root / name).is_dir())
    )


def _digest(git: Git, commit: str, settings: GateSettings) -> str:
    lines = git.lines("ls-tree", "-r", "-z", commit)
    inputs = [
        line
        for line in lines
        if paths.role(line.partition("\t")[2]) in {"lock", "manifest"}
        or "requirements" in line
    ]
    text = "\0".join([*settings.setup, *inputs])
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


async def _set_up(git: Git, commit: str, ready: Path, settings: GateSettings) -> None:
    """Set up in the place where it stays: what is installed may hold its own path."""
    await asyncio.to_thread(shutil.rmtree, ready, ignore_errors=True)
    await asyncio.to_thread(check_out, git, commit, ready)
    place = Place(
        tree=ready,
        home=ready.with_suffix(".home"),
        extra=dict(os.environ),
        sandbox=SandboxSettings(use="none"),  # base is trusted, and it must install
    )
    for command in settings.setup:
        done = await launch(
            [shell(), "-c", command], place, timeout_s=settings.command_s
        )
        if done.exit_code != 0:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise UncheckableError(
                f"set-up command failed: {command}: {said[-400:]}",
                hint="mend [gate] setup in weighlock.toml, or the network",
            )
    shutil.rmtree(place.home, ignore_errors=True)
    ready.with_suffix(".done").touch()


def _made(ready: Path) -> tuple[str, ...]:
    """Return the folders that setting up made and git does not hold."""
    found = Git(ready).lines("ls-files", "-z", "-o", "--directory")
    return tuple(
        name.rstrip("/") for name in found if name.endswith("/") and name != ".git/"
    )
