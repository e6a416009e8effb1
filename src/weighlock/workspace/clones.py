"""The adapter of ports.Workspace: clones for attempts, one branch for what passed."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from weighlock.errors import RefusedError
from weighlock.git import Git
from weighlock.ports import Clock, Delivery, Landed, Merged, Room
from weighlock.refusal import refusing
from weighlock.tree import contents, paths_changed
from weighlock.workspace import branch as branches
from weighlock.workspace import room as rooms
from weighlock.workspace.frozen import date_of, freeze
from weighlock.workspace.gitdir import Origin, origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Clones:
    """Clones outside the repository, frozen into its object store."""

    git: Git
    branch: branches.Branch
    source: Origin
    """The repository's object stores: a sandbox must let an agent read them."""
    rooms: Path
    """Where this repository's clones lie."""
    scratch: Path
    clock: Clock | None = None

    async def tip(self) -> str:
        """Return the commit id at the end of the branch; creates it."""
        return await asyncio.to_thread(self._tip)

    async def open(
        self, phase: str, attempt: int, base: str, start: str | None = None
    ) -> Room:
        """Make a fresh clone at ``base`` outside the repository."""
        return await asyncio.to_thread(self._open, phase, attempt, base, start)

    async def freeze(self, room: Room) -> Delivery:
        """Turn the clone's delivered files into a tree and a commit of our own.

        Delivered is what lies in the work tree and is either tracked, by the base or
        by the clone's HEAD, or not ignored.
        """
        return await asyncio.to_thread(self._freeze, room)

    async def combine(self, delivery: Delivery, tip: str) -> Merged:
        """Merge a delivery onto ``tip`` without moving the branch."""
        return await asyncio.to_thread(self._combine, delivery, tip)

    async def land(
        self, merged: Merged, edits: Mapping[str, bytes | None], message: str
    ) -> str | None:
        """Commit ``merged`` plus ``edits`` and move the branch by compare-and-swap."""
        return await asyncio.to_thread(self._land, merged, edits, message)

    async def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes at a commit, or None."""
        return await asyncio.to_thread(self.git.show, commit, path)

    async def read_all(self, commit: str, paths: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bytes of those paths that exist at a commit, in one call."""
        return await asyncio.to_thread(contents, self.git, commit, paths)

    async def since(self, commit: str) -> Sequence[Landed]:
        """Return our commits on the branch after ``commit``, oldest first."""
        return await asyncio.to_thread(self.branch.since, commit)

    async def restore(self, commit: str) -> None:
        """Move the branch back to a commit that was a checkpoint."""
        await asyncio.to_thread(self._restore, commit)

    async def close(self, room: Room) -> None:
        """Remove the clone; nothing of the attempt stays."""
        await asyncio.to_thread(self._close, room.path)

    def sweep(self) -> tuple[Path, ...]:
        """Remove the clones that dead runs left; return what was removed."""
        gone = tuple(rooms.leftovers(self.rooms))
        with refusing("an old workspace cannot be removed", self.rooms):
            for room in gone:
                rooms.remove(room)
        return gone

    def _tip(self) -> str:
        with refusing("the branch cannot be made", self.git.cwd):
            return self.branch.tip()

    def _open(self, phase: str, attempt: int, base: str, start: str | None) -> Room:
        name = re.sub(r"[^\w.#-]", "-", f"{phase}-{attempt}")
        with refusing("a workspace cannot be made", self.rooms):
            path = rooms.build(self.rooms, name, base, start, source=self.source)
        reads = self.source.stores
        return Room(phase=phase, attempt=attempt, path=path, base=base, reads=reads)

    def _freeze(self, room: Room) -> Delivery:
        message = f"Deliver phase {room.phase}, attempt {room.attempt}\n"
        with refusing("what the agent left cannot be stored", self.source.common):
            frozen = freeze(
                *(room.path, room.base, message),
                start=rooms.start_of(room.path),
                source=self.source,
                scratch=self.scratch,
            )
        return Delivery(
            phase=room.phase,
            attempt=room.attempt,
            base=room.base,
            head=frozen.commit,
            tree=frozen.tree,
            workspace=room.path,
            ancestor=frozen.ancestor,
            left_out=frozen.left_out,
        )

    def _combine(self, delivery: Delivery, tip: str) -> Merged:
        if tip == delivery.base:
            return self._merged(delivery.head, delivery.tree, tip)
        message = f"Merge phase {delivery.phase}, attempt {delivery.attempt}\n"
        with refusing("the work cannot be merged", self.source.common):
            found = branches.merge(self.source, self.scratch, delivery, tip, message)
        return self._merged(found[0], found[1], tip, found[2])

    def _merged(
        self, commit: str, tree: str, tip: str, conflicts: tuple[str, ...] = ()
    ) -> Merged:
        return Merged(
            commit=commit,
            tree=tree,
            base=tip,
            conflicts=conflicts,
            paths=paths_changed(self.git, tip, tree),
        )

    def _land(
        self, merged: Merged, edits: Mapping[str, bytes | None], message: str
    ) -> str | None:
        if merged.conflicts:
            raise ValueError("what conflicts cannot land")
        date = (
            f"{int(self.clock.now())} +0000"
            if self.clock
            else date_of(self.git, merged.base)
        )
        with refusing("the branch cannot be moved", self.source.common):
            new = branches.commit(
                self.source, self.scratch, merged, edits, (date, message)
            )
            return new if self.branch.move(new, merged.base) else None

    def _restore(self, commit: str) -> None:
        with refusing("the branch cannot be moved", self.source.common):
            self.branch.restore(commit)

    def _close(self, path: Path) -> None:
        room = path.parent
        if room.parent != self.rooms:
            raise RefusedError("this is not a workspace of ours", where=str(path))
        with refusing("a workspace cannot be removed", room):
            rooms.remove(room)


def clones(
    root: Path,
    branch: str,
    *,
    base: str,
    cache: Path,
    state: Path,
    clock: Clock | None = None,
) -> Clones:
    """Look at a repository and return its Workspace.

    Args:
        root: The user's repository, or a work tree of it.
        branch: ``weighlock/<plan>``; made at ``base`` when it is missing.
        base: Commit id that the run starts from.
        cache: Folder outside the repository for the clones of all repositories.
        state: ``<git common dir>/weighlock``.
        clock: Dates the commits that land; else they carry their parent's date.

    Raises:
        RefusedError: The branch is checked out in a work tree of the user.
    """
    git = Git(root)
    branches.refuse_if_checked_out(root, branch)
    source = origin(git)
    key = sha256(bytes(source.common)).hexdigest()[:12]
    return Clones(
        git=git,
        branch=branches.Branch(git, branch, base),
        source=source,
        rooms=cache.resolve() / "rooms" / key,
        scratch=state / "scratch",
        clock=clock,
    )
