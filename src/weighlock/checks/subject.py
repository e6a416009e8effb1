"""What is weighed: two snapshots, what differs, and the plan that asked for it."""

import hashlib
import posixpath
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from weighlock.checks.reading import paths
from weighlock.config import GateSettings
from weighlock.git import Git
from weighlock.plan.model import FileAction, Phase, Plan
from weighlock.plan.parts import asks
from weighlock.plan.parts.asks import for_tests_to_follow
from weighlock.ports import Delivery
from weighlock.run.trace.weighed import Earlier
from weighlock.tree import SYMLINK, Change, changes


class Snapshot:
    """The files of one commit, read from git's objects, never from a work tree."""

    def __init__(self, git: Git, commit: str) -> None:
        self.commit = commit
        self._git = git
        self._read: dict[str, bytes | None] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path of the commit, nested repositories included."""
        return frozenset(path for _, path in self._entries)

    @cached_property
    def _entries(self) -> list[tuple[list[str], str]]:
        lines = self._git.lines("ls-tree", "-r", "-z", "--full-tree", self.commit)
        parted = (line.partition("\t") for line in lines)
        return [(meta.split(" "), path) for meta, _, path in parted]

    def digest(self, skip: Callable[[str], bool]) -> str:
        """Return a digest of every path, mode and content, but for some paths."""
        whole = hashlib.sha256()
        for meta, path in self._entries:
            if not skip(path):
                line = f"{' '.join(meta)}\t{path}\0"
                whole.update(line.encode(errors="surrogateescape"))
        return whole.hexdigest()

    @cached_property
    def links(self) -> frozenset[str]:
        """Return the paths of every symbolic link."""
        mode = f"{SYMLINK:o}"
        return frozenset(path for meta, path in self._entries if meta[0] == mode)

    @cached_property
    def _blobs(self) -> dict[str, str]:
        return {path: meta[2] for meta, path in self._entries if meta[1] == "blob"}

    @cached_property
    def tree(self) -> str:
        """The commit's tree id."""
        return self._git.text("rev-parse", f"{self.commit}^{{tree}}")

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None when there is no such file."""
        if path not in self._read:
            self.fetch([path])
        return self._read[path]

    def fetch(self, wanted: Iterable[str]) -> None:
        """Read many files in one call; what is there already is not read again."""
        new = [p for p in dict.fromkeys(wanted) if p not in self._read]
        found: dict[str, bytes | None] = dict.fromkeys(new)
        known = [p for p in new if p in self._blobs]
        if known:
            asked = "".join(f"{self._blobs[p]}\n" for p in known)
            rest = self._git.run("cat-file", "--batch", stdin=asked.encode())
            for path in known:
                head, _, rest = rest.partition(b"\n")
                size = int(head.split()[-1])
                found[path], rest = rest[:size], rest[size + 1 :]
        # At once: checks read from several threads, and None is an answer.
        self._read.update(found)

    def text(self, path: str) -> str:
        """Return a file's text; an absent file is empty."""
        return (self.read(path) or b"").decode(errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One delivery beside the phase that asked for it."""

    git: Git
    plan: Plan
    phase: Phase
    delivery: Delivery
    settings: GateSettings
    plan_root: str | None
    """The plan's folder or file in the repository; None when it lies outside."""
    changes: tuple[Change, ...]
    """Path by path; a rename is a deletion and an addition."""
    old: Snapshot
    new: Snapshot
    planned: tuple[FileAction, ...] = field(default=())
    earlier: Earlier = field(default_factory=Earlier)
    """What the phase passed on before, when it is done again."""
    scratch: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    """Where a check may make a folder of its own (``sandbox.scratch``)."""
    said: tuple[FileAction, ...] = field(default=())
    """Files that the phase's sentences name: they may change, and need not."""

    @property
    def about_words(self) -> bool:
        """Whether the phase is about comments, or documents are its product."""
        phase = self.phase
        documents = phase.kind in {"design", "pseudocode"}
        return documents or asks.for_words(phase.title) or asks.for_layout(phase.text)

    def action(self, path: str) -> FileAction | None:
        """Return what the phase says about a path, the most exact word first.

        Its lists stand above its sentences.
        """
        for actions in (self.planned, self.said):
            found = [a for a in actions if paths.covers(a.path, path)]
            if found:
                return min(found, key=lambda a: a.path != path)
        return None

    def is_plan(self, path: str) -> bool:
        """Say whether a path is one of the files that the plan was read from."""
        return self.plan_file(path) is not None

    def plan_file(self, path: str) -> bytes | None:
        """Return a file of the plan as it was read; None when it is none."""
        if self.plan_root is None:
            return None
        named = (
            (posixpath.normpath(posixpath.join(self.plan_root, s.path)), s.data)
            for s in self.plan.sources
        )
        return next((data for name, data in named if name == path), None)

    def is_claim(self, path: str) -> bool:
        """Say whether a change to this path only says that something is done."""
        if paths.is_claim(path):
            return True
        return self.is_plan(path) and (
            self.phase.kind not in {"design", "pseudocode"} or not self.action(path)
        )

    def work(self) -> tuple[Change, ...]:
        """Return the changes that count as work: not claims, not the plan's text."""
        return tuple(c for c in self.changes if not self.is_claim(c.path))


def look_at(
    git: Git,
    *,
    plan: Plan,
    phase: Phase,
    delivery: Delivery,
    settings: GateSettings,
    plan_root: str | None,
) -> Subject:
    """Compare base with what was delivered, once, for every check of a gate."""
    found = changes(git, delivery.base, delivery.tree, renames=False)
    old, new = Snapshot(git, delivery.base), Snapshot(git, delivery.head)
    for side in (old, new):
        side.fetch(change.path for change in found)
    return Subject(
        git=git,
        plan=plan,
        phase=phase,
        delivery=delivery,
        settings=settings,
        plan_root=plan_root,
        changes=found,
        old=old,
        new=new,
        planned=tuple(a for a in phase.files if paths.is_concrete(a.path)),
        said=(
            *(a for a in phase.said if paths.is_concrete(a.path)),
            *_following(phase, found),
        ),
    )


def _following(phase: Phase, changed: Iterable[Change]) -> Iterator[FileAction]:
    """Yield the old tests that changed, where the plan lets them follow the product."""
    if not for_tests_to_follow(phase.text):
        return
    for change in changed:
        if change.status == "M" and paths.is_test(change.path):
            yield FileAction(path=change.path, action="modify", source=phase.source)
