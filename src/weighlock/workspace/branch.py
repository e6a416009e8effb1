"""The one branch that takes what passed: ``weighlock/<plan>``, moved by comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weighlock.errors import RefusedError, TamperedError
from weighlock.git import Git, GitError
from weighlock.ports import Delivery, Landed, Merged
from weighlock.tree import EXECUTABLE, REGULAR
from weighlock.workspace.frozen import DURABLE, date_of, preamble, sized
from weighlock.workspace.gitdir import Origin, c_quoted, writing

_REF = "refs/heads/landing"
_FORMAT = "%H%x00%T" + "".join(
    f"%x00%(trailers:key={key},valueonly,separator=%x20)"
    for key in ("Run", "Phase", "Evidence")
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch in the user's repository that nobody stands on."""

    git: Git
    name: str
    base: str
    """Commit id where the run began."""

    @property
    def ref(self) -> str:
        """Return the full name."""
        return f"refs/heads/{self.name}"

    def tip(self) -> str:
        """Return the commit id at the end; the branch is made when it is missing."""
        found = self.git.resolve(self.ref)
        if found is not None:
            return found
        absent = "0" * len(self.base)
        try:
            self.git.run(*DURABLE, "update-ref", self.ref, self.base, absent)
        except GitError as error:
            found = self.git.resolve(self.ref)  # another run made it just now?
            if found is None:
                taken = self._in_the_way()
                if taken is None:
                    raise
                raise taken from error
            return found
        return self.base

    def move(self, new: str, old: str) -> bool:
        """Move the branch from ``old`` to ``new``; say no when it is elsewhere."""
        args = (*DURABLE, "update-ref", "-m", "weighlock", self.ref, new, old)
        try:
            self.git.run(*args)
        except GitError:
            if self.git.resolve(self.ref) == old:
                raise
            return False
        return True

    def since(self, commit: str) -> tuple[Landed, ...]:
        """Return our commits after ``commit``, oldest first.

        Raises:
            TamperedError: The branch does not hold ``commit``, or after it a commit
                that is not ours.
        """
        tip = self.tip()
        if tip == commit:
            return ()
        if not self.git.ok("merge-base", "--is-ancestor", commit, tip):
            raise TamperedError(
                f"{self.name} no longer holds {commit[:12]}, which this run put there",
                hint=f"git reflog {self.name} shows who moved it",
            )
        out = self.git.text(
            *("log", "--reverse", "--first-parent", f"--format={_FORMAT}"),
            *(f"{commit}..{tip}", "--"),
        )
        return tuple(self._landed(line.split("\0")) for line in out.split("\n"))

    def _landed(self, parts: list[str]) -> Landed:
        commit, tree, *trailers = parts
        if not all(trailers):
            raise TamperedError(
                f"commit {commit[:12]} on {self.name} was not made by weighlock",
                hint=f"look: git show {commit[:12]}; or go back: weighlock restore",
            )
        run, phase, evidence = trailers
        return Landed(commit=commit, tree=tree, run=run, phase=phase, evidence=evidence)

    def restore(self, commit: str) -> None:
        """Move the branch back to a commit between the run's base and its tip."""
        refuse_if_checked_out(self.git.cwd, self.name)
        tip, wanted = self.tip(), self.git.resolve(commit)
        known = wanted is not None and all(
            self.git.ok("merge-base", "--is-ancestor", older, newer)
            for older, newer in ((self.base, wanted), (wanted, tip))
        )
        if wanted is None or not known:
            raise RefusedError(
                f"{commit} is not a checkpoint of {self.name}",
                hint=f"git log --oneline {self.name} shows them",
            )
        if not self.move(wanted, tip):
            raise RefusedError(
                f"{self.name} was moved meanwhile", hint="weighlock restore again"
            )

    def _in_the_way(self) -> RefusedError | None:
        """Return what to do about a branch whose name this one needs as a folder."""
        parts = self.name.split("/")
        for end in range(1, len(parts)):
            taken = "/".join(parts[:end])
            if self.git.resolve(f"refs/heads/{taken}"):
                return RefusedError(
                    f"the branch {self.name} cannot be made: {taken} is a branch",
                    hint=f"git branch -m {taken} ANOTHER-NAME",
                    where=str(self.git.cwd),
                )
        return None


def refuse_if_checked_out(root: Path, branch: str) -> None:
    """Refuse to move a branch that a work tree of the user stands on.

    Raises:
        RefusedError: Moving it would make that work tree look changed.
    """
    git = Git(root)
    place = ""
    for line in git.lines("worktree", "list", "--porcelain", "-z"):
        if line.startswith("worktree "):
            place = line.removeprefix("worktree ")
        if line == f"branch refs/heads/{branch}":
            raise RefusedError(
                f"the branch {branch} is checked out, and this run moves it",
                hint="go to another branch there: git switch -",
                where=place,
            )


def merge(
    source: Origin, scratch: Path, delivery: Delivery, tip: str, message: str
) -> tuple[str, str, tuple[str, ...]]:
    """Merge a delivery onto ``tip`` without a work tree.

    Returns:
        The new commit, its tree, and the paths that conflict; with conflicts the
        commit is empty and the tree holds the conflict marks.

    Raises:
        RefusedError: ``tip`` does not hold the delivery's base: the merge would bring
            back what somebody took from the branch.
    """
    with writing(source, scratch) as git:
        if not git.ok("merge-base", "--is-ancestor", delivery.base, tip):
            raise RefusedError(
                f"phase {delivery.phase} started from {delivery.base[:12]}, which is "
                f"no longer on the branch (now at {tip[:12]})",
                hint=f"weighlock retry {delivery.phase}",
            )
        out = git.run(
            *(*DURABLE, "merge-tree", "--write-tree", "-z", "--name-only"),
            *("--no-messages", tip, delivery.head),
            codes=(0, 1),
        )
        tree, *paths = out.decode(errors="surrogateescape").rstrip("\0").split("\0")
        if paths:
            return "", tree, tuple(dict.fromkeys(paths))
        date = date_of(git, delivery.head)
        dated = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        there = Git(git.cwd, {**git.env, **dated})
        made = there.run(
            *(*DURABLE, "commit-tree", tree, "-p", tip), stdin=message.encode()
        )
        return made.decode().strip(), tree, ()


def commit(
    source: Origin,
    scratch: Path,
    merged: Merged,
    edits: Mapping[str, bytes | None],
    said: tuple[str, str],
) -> str:
    """Make the commit that lands: a merged tree, our own edits, a message.

    Args:
        source: The user's repository.
        scratch: Folder for our own short-lived git directory.
        merged: What was judged; its tree may be named by a commit.
        edits: Repository path → new bytes, None: removed; a file that
            is there keeps its mode.
        said: The date in git's raw form, and the message.
    """
    date, message = said
    with writing(source, scratch) as git:
        tree = git.text("rev-parse", "--verify", f"{merged.tree}^{{tree}}")
        modes = _modes(git, tree, edits)
        parts = [preamble(_REF, merged.base, date, message)]
        parts.append(f'M 040000 {tree} ""\n'.encode())
        for path, data in sorted(edits.items()):
            name = path.encode("utf-8", "surrogateescape")
            if data is None:
                parts.append(b"D %s\n" % c_quoted(name))
                continue
            line = b"M %o inline %s\n" % (modes.get(path, REGULAR), c_quoted(name))
            parts += [line, sized(data)]
        parts.append(b"\ndone\n")
        git.run(*DURABLE, "fast-import", "--quiet", "--done", stdin=b"".join(parts))
        return git.text("rev-parse", _REF)


def _modes(git: Git, tree: str, paths: Mapping[str, bytes | None]) -> dict[str, int]:
    """Return the modes of those paths that are executable files in the tree."""
    if not paths:
        return {}
    lines = git.lines("ls-tree", "-z", "--full-tree", tree, "--", *paths)
    return {
        line.partition("\t")[2]: EXECUTABLE
        for line in lines
        if line.startswith("100755")
    }
