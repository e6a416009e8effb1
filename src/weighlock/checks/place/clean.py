"""Fresh checkouts for one gate: from git's objects, never from a workspace."""

import asyncio
import atexit
import shutil
from collections.abc import Sequence
from pathlib import Path

from weighlock.checks.place import prebuilt, supplies
from weighlock.checks.place.checkout import borrow, stand
from weighlock.checks.place.launch import Place, turns
from weighlock.checks.runners.call import Call
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.git import Git
from weighlock.sandbox.scratch import make, remove


class Clean:
    """A folder of checkouts that is gone when the gate is done."""

    def __init__(
        self,
        git: Git,
        scratch: Path,
        settings: GateSettings,
        sandbox: SandboxSettings,
    ) -> None:
        self.git = git
        self.scratch = scratch
        self.settings = settings
        self._sandbox = sandbox
        self.folder = make(scratch)
        # A thread may still check out after its gate was cancelled; not at exit.
        atexit.register(remove, self.folder)
        self._count = 0
        self._empty: asyncio.Task[tuple[Path, ...]] | None = None
        self._supplied: dict[tuple[str, bool], asyncio.Task[supplies.Supplies]] = {}
        self._renewed: tuple[str, supplies.Files] = ("", ())
        self._first: tuple[str, Sequence[Call]] = ("", ())
        self._built: asyncio.Task[Path] | None = None
        self._turns = turns(sandbox)

    def renew(self, commit: str, files: supplies.Files) -> None:
        """Let checkouts of ``commit`` be set up with these files of its own."""
        self._renewed = commit, files

    def begin(self, trusted: str, calls: Sequence[Call]) -> None:
        """Let every build begin with what building ``trusted`` leaves."""
        self._first = trusted, prebuilt.of(calls)

    def close(self) -> None:
        """Remove every checkout, and what the programs wrote."""
        remove(self.folder)

    def new(self, name: str) -> Path:
        """Make an empty folder outside every checkout."""
        self._count += 1
        folder = self.folder / f"{self._count:02}-{name}"
        folder.mkdir()
        return folder

    async def checkout(self, commit: str, supply_from: str) -> Place:
        """Check a commit out and supply what setting up ``supply_from`` left.

        The checkout is a repository of its own whose HEAD is the commit, so that
        commands such as ``git diff HEAD~1`` and ``git log`` work in it.
        """
        place = await self._place(commit, supply_from)
        if self._first[1]:
            if self._built is None:
                self._built = asyncio.ensure_future(self._build(*self._first))
            await asyncio.to_thread(prebuilt.put_into, await self._built, place.home)
        return place

    async def _build(self, trusted: str, calls: Sequence[Call]) -> Path:
        settings = self.settings
        locks = await asyncio.to_thread(supplies.digest, self.git, trusted, settings)
        ready = self.scratch / "built" / prebuilt.state(calls, locks)
        if not ready.is_dir():
            place = await self._place(trusted, trusted)
            await prebuilt.build(calls, place, ready, limit_s=settings.command_s)
        return ready

    async def _place(self, commit: str, supply_from: str) -> Place:
        folder = self.new("tree")
        tree = folder / "tree"
        stores = await self._stores()
        await asyncio.to_thread(self._check_out, commit, tree)
        supplied = await self._supplies(supply_from, commit)
        await asyncio.to_thread(supplied.put_into, tree)
        return Place(
            tree=tree,
            home=folder / "home",
            bins=supplied.bins(tree),
            reads=(*stores, *supplied.places()),
            hides=(self.settings.oracle,) if self.settings.oracle else (),
            sandbox=self._sandbox,
            turns=self._turns,
        )

    async def _stores(self) -> tuple[Path, ...]:
        """Return the object stores of the repository that every checkout copies."""
        if self._empty is None:
            making = asyncio.to_thread(borrow, self.git, self.folder / "empty")
            self._empty = asyncio.ensure_future(making)
        return await self._empty

    def _check_out(self, commit: str, tree: Path) -> None:
        shutil.copytree(self.folder / "empty", tree)
        stand(tree, commit)

    async def _supplies(self, trusted: str, commit: str) -> supplies.Supplies:
        files = self._renewed[1] if commit == self._renewed[0] else ()
        key = trusted, bool(files)
        if key not in self._supplied:
            preparing = supplies.prepare(
                self.git,
                trusted,
                self.scratch,
                self.settings,
                files=files,
                sandbox=self._sandbox,
            )
            self._supplied[key] = asyncio.ensure_future(preparing)
        return await self._supplied[key]
