"""Dependencies that a checkout needs and git does not hold: node_modules, .venv.

With ``gate.setup`` they are made from the trusted base, once per state of the lock
files.  Where the plan lets a phase change what is installed, they are made again with
the delivered lock files, this time inside the sandbox, with the network: packages that
an agent chose run there.  Without ``gate.setup``, those beside the user's own checkout
are lent: they are the user's, no agent's clone is ever looked at.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from weighlock.checks.place.checkout import check_out, restore
from weighlock.checks.place.launch import Place, launch, shell
from weighlock.checks.reading import paths, tables
from weighlock.checks.subject import Subject
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.errors import UncheckableError
from weighlock.git import Git
from weighlock.sandbox.scratch import watch

_LENT = ("node_modules", ".venv", "venv", "vendor/bundle")
_BINS = ("node_modules/.bin", ".venv/bin", "venv/bin")
_ASK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """Folders to show in a checkout."""

    source: Path
    folders: tuple[str, ...] = ()
    """Relative to ``source`` and to the checkout."""
    chosen: bool = False
    """Whether an agent chose what is in them: they may lead nowhere else."""

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
        if self.chosen:
            return tuple(folders)
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


Files = tuple[tuple[str, bytes | None], ...]


def renewed(subject: Subject) -> Files:
    """Return the delivered files that decide what is installed, where that is planned.

    A lock file and its manifest belong together: where the plan names one, both come
    along.  What the configuration protects stays as it is at base.
    """
    kept = subject.settings.protect
    changed = [
        c.path
        for c in subject.changes
        if _installs(c.path) and not any(paths.glob_matches(g, c.path) for g in kept)
    ]
    if not any(subject.action(path) and _asks(subject, path) for path in changed):
        return ()
    return tuple((path, subject.new.read(path)) for path in changed)


def _asks(subject: Subject, path: str) -> bool:
    """Say whether a changed file asks for other packages than before."""
    if paths.role(path) != "manifest":
        return True
    old, new = subject.old.read(path) or b"", subject.new.read(path) or b""
    return tables.wanted(path, old) != tables.wanted(path, new)


def _installs(path: str) -> bool:
    return paths.role(path) in {"lock", "manifest"} or "requirements" in path


async def prepare(
    git: Git,
    commit: str,
    scratch: Path,
    settings: GateSettings,
    *,
    files: Files = (),
    sandbox: SandboxSettings | None = None,
) -> Supplies:
    """Return what a checkout of ``commit`` needs; runs ``setup`` when it must.

    Args:
        git: The repository.
        commit: Base, which is trusted.
        scratch: Where what was set up is kept.
        settings: ``[gate]`` of the configuration.
        files: Delivered files to set up with in place of base's.
        sandbox: What setting up with them runs in.

    Raises:
        UncheckableError: A set-up command failed; nothing can be tested.
    """
    if not settings.setup:
        return await asyncio.to_thread(_lent, git, commit)

    name = await asyncio.to_thread(digest, git, commit, settings, files)
    ready = scratch / "setup" / name
    ready.parent.mkdir(parents=True, exist_ok=True)
    async with _alone(ready.with_suffix(".lock")):
        if not ready.with_suffix(".done").is_file():
            await asyncio.to_thread(_begin, git, commit, ready, files)
            walls = replace(sandbox or SandboxSettings(), network=True)
            # Base is trusted and must install; what an agent chose is not.
            place = _room(ready, walls if files else None)
            watch(place.home)
            await _set_up(place, ready, settings, told=[path for path, _ in files])
    return Supplies(source=ready, folders=_made(ready), chosen=bool(files))


@asynccontextmanager
async def _alone(path: Path) -> AsyncIterator[None]:
    """Wait until nobody else sets up the same, in this process or in another.

    The lock is asked for again and again and never waited for in a thread: filelock
    takes two waits of one thread for a deadlock, and one that is cancelled would hold
    it for ever.
    """
    lock = FileLock(path)
    while True:
        try:
            lock.acquire(blocking=False)
            break
        except Timeout:
            await asyncio.sleep(_ASK_S)
    try:
        yield
    finally:
        lock.release()


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


def digest(git: Git, commit: str, settings: GateSettings, files: Files = ()) -> str:
    """Return a digest of what decides what is installed: commands and lock files."""
    lines = git.lines("ls-tree", "-r", "-z", commit)
    inputs = [line for line in lines if _installs(line.partition("\t")[2])]
    given = [
        f"{path}\t{hashlib.sha256(data or b'').hexdigest()}" for path, data in files
    ]
    text = "\0".join([*settings.setup, *inputs, *given])
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]


def _begin(git: Git, commit: str, ready: Path, files: Files) -> None:
    """Check out where it stays: what is installed may hold its own path."""
    shutil.rmtree(ready, ignore_errors=True)
    check_out(git, commit, ready)
    restore(ready, files)


def _room(ready: Path, walls: SandboxSettings | None) -> Place:
    return Place(
        tree=ready,
        home=ready.with_suffix(".home"),
        extra={} if walls else dict(os.environ),
        sandbox=walls or SandboxSettings(use="none"),
    )


async def _set_up(
    place: Place, ready: Path, settings: GateSettings, told: Sequence[str]
) -> None:
    for command in settings.setup:
        done = await launch(
            [shell(), "-c", command], place, timeout_s=settings.command_s
        )
        if done.exit_code != 0:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()
            given = f" (with the delivered {', '.join(told)})" if told else ""
            raise UncheckableError(
                f"set-up command failed{given}: {command}: {said[-400:]}",
                hint="mend [gate] setup in weighlock.toml, or the network",
            )
    shutil.rmtree(place.home, ignore_errors=True)
    ready.with_suffix(".done").touch()


def _made(ready: Path) -> tuple[str, ...]:
    """Return the folders that setting up made and git does not hold."""
    found = Git(ready).lines("ls-files", "-z", "-o", "--directory")
    return tuple(
        name.rstrip("/")
        for name in found
        if name.endswith("/")
        and name != ".git/"
        and (ready / name).resolve().is_relative_to(ready.resolve())
    )
