"""Start a program of the gate: the one place, so that a sandbox has one place too."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from weighlock.config.sandbox import SandboxSettings
from weighlock.process import OUTPUT_LIMIT, Finished, end_marked, run, written_env
from weighlock.sandbox import Walls, confined, kind

A = TypeVar("A")
B = TypeVar("B")

_LOOKS = 20
"""One look can miss a process that is being started."""

_HOMES = {
    "CARGO_HOME": ".cargo",
    "RUSTUP_HOME": ".rustup",
    "PYENV_ROOT": ".pyenv",
    "GOPATH": "go",
    "GRADLE_USER_HOME": ".gradle",
}
"""Where tool chains keep what they need to start; HOME itself is not ours to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a program runs: a checkout, a home of its own, what is on its PATH."""

    tree: Path
    home: Path
    bins: tuple[Path, ...] = ()
    """Folders of set-up dependencies, put before our PATH."""
    extra: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[Path, ...] = ()
    """What the tree borrows: object stores, set-up dependencies."""
    writes: tuple[Path, ...] = ()
    """Beside the tree and the home: where a report goes."""
    hides: tuple[Path, ...] = ()
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Shared by the places of a gate: how many of its programs run at once."""

    def env(self) -> dict[str, str]:
        """Return the whole written-out environment."""
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        env = written_env(self.home, {**_tool_chains(), **self.extra})
        shown = [str(folder) for folder in self.bins]
        env["PATH"] = os.pathsep.join([*shown, env["PATH"]])
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        env["PYTHONPATH"] = os.pathsep.join(str(p) for p in _imports(self.tree))
        return env

    def walls(self) -> Walls:
        """Return what a program that runs here may see and change."""
        more = self.sandbox
        return Walls(
            read=(*self.reads, *map(Path, more.read)),
            write=(self.tree, self.home, *self.writes, *map(Path, more.write)),
            hide=self.hides,
            network=more.network,
        )

    def find(self, program: str) -> str | None:
        """Return the absolute path of a program on this place's PATH, or None."""
        if "/" in program:
            there = self.tree / program
            return str(there) if os.access(there, os.X_OK) else None
        return shutil.which(program, path=self.env()["PATH"])


async def launch(
    argv: Sequence[str],
    place: Place,
    *,
    timeout_s: float,
    folder: str = "",
    stdin: bytes = b"",
    limit: int = OUTPUT_LIMIT,
) -> Finished:
    """Run a program of the gate in the sandbox; all that it started ends with it.

    Args:
        argv: Program and arguments; the program is looked up on the place's PATH.
        place: Checkout and environment.
        timeout_s: Seconds.
        folder: Working directory below the checkout.
        stdin: What it can read.
        limit: Bytes kept of each stream.
    """
    program = place.find(argv[0])
    if program is None:
        return Finished(
            exit_code=None, missing=True, stderr=f"{argv[0]}: not found".encode()
        )
    cwd, env = place.tree / folder, place.env()
    walls, use = place.walls(), place.sandbox.use
    async with place.turns:
        try:
            return await run(
                confined([program, *argv[1:]], walls, cwd=cwd, env=env, use=use),
                cwd=cwd,
                env=env,
                timeout_s=timeout_s,
                stdin=stdin,
                limit=limit,
            )
        finally:
            _end_strays(place)


def turns(sandbox: SandboxSettings) -> asyncio.Semaphore:
    """Return how many programs of one gate may run at once: one for every processor.

    Without walls, or with the network, two runs of a suite could meet: on a port, in
    a file below /tmp.  Then there is one at a time.

    Raises:
        UncheckableError: A sandbox is asked for that does not work here.
    """
    parted = kind(sandbox.use) == "bubblewrap" and not sandbox.network
    parted = parted and not sandbox.write
    return asyncio.Semaphore((os.cpu_count() or 1) if parted else 1)


async def at_once(
    first: Awaitable[A], second: Coroutine[object, object, B]
) -> tuple[A, B]:
    """Wait for two parts of a gate; when the first fails, the other is ended."""
    other = asyncio.ensure_future(second)
    try:
        return await first, await other
    finally:
        other.cancel()
        await asyncio.wait((other,))
        if not other.cancelled():
            other.exception()  # the first one's is told


def _end_strays(place: Place) -> None:
    """End what a program left running in a session of its own, here or in a check.

    It could write into the checkout while the next command runs in it.
    """
    for _ in range(_LOOKS):
        if not end_marked(f"HOME={place.home}"):
            return


def shell() -> str:
    """Return the shell that plan commands are written for."""
    return shutil.which("bash") or "/bin/sh"


def _imports(tree: Path) -> list[Path]:
    """Put the checkout before any editable install that points elsewhere."""
    source = tree / "src"
    return [source, tree] if source.is_dir() else [tree]


def _tool_chains() -> dict[str, str]:
    known = {name: os.environ.get(name, "") for name in _HOMES}
    home = Path.home()
    for name, folder in _HOMES.items():
        if not known[name] and (home / folder).is_dir():
            known[name] = str(home / folder)
    return {name: value for name, value in known.items() if value}
