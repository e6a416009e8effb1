"""What differs between two commits or trees, as values.

Names are exact bytes read as text with surrogate escapes, so every path that git can
hold survives a round trip through ``os.fsencode``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from weighlock.git import Git, GitError

Status = Literal["A", "M", "D", "R", "T"]
"""Added, modified (content or mode), deleted, renamed, another type of file."""

EXECUTABLE = 0o100755
REGULAR = 0o100644
SYMLINK = 0o120000
GITLINK = 0o160000

RAW_ATTRIBUTES = "* -text -ident -filter !eol !working-tree-encoding\n"
"""For ``info/attributes`` of a git directory of ours: files are the blobs' bytes.

It beats every ``.gitattributes`` of the tree, so no filter, line-end or encoding
change stands between what is on disk and what is hashed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One path that is not the same on both sides."""

    path: str
    """Where it is now; for a deletion where it was."""
    status: Status
    old_mode: int
    """Octal file mode as git writes it; 0 when the path did not exist."""
    new_mode: int
    old_blob: str
    """Object id; empty when the path did not exist."""
    new_blob: str
    old_path: str = ""
    """Where it was before, for a rename."""


def changes(
    git: Git, base: str, head: str, *, renames: bool = True
) -> tuple[Change, ...]:
    """Compare two commits or trees, path by path, in the order of their names.

    Args:
        git: Any git directory that can see both.
        base: Commit or tree id of the older side.
        head: Commit or tree id of the newer side.
        renames: Whether a deletion and a similar addition are one rename.

    Raises:
        GitError: One of the two does not exist.
    """
    detect = ("-M50%", "-l2000") if renames else ("--no-renames",)
    found = git.run(
        *("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--full-index"),
        *("--ignore-submodules=none", "--no-ext-diff", *detect, base, head, "--"),
    )
    parts = iter(found.decode(errors="surrogateescape").split("\0"))
    return tuple(_change(line, parts) for line in parts if line)


def contents(git: Git, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of those paths that are files at a commit, in one call."""
    names = [f"{commit}:{path}".encode("utf-8", "surrogateescape") for path in paths]
    if not names:
        return {}
    out = git.run("cat-file", "--batch", "-z", stdin=b"\0".join(names) + b"\0")
    found: dict[str, bytes] = {}
    at = 0
    for name in names:
        missing = name + b" missing\n"
        if out.startswith(missing, at):
            at += len(missing)
            continue
        end = out.index(b"\n", at)
        _, kind, size = out[at:end].split(b" ")
        path = name.partition(b":")[2].decode("utf-8", "surrogateescape")
        if kind == b"blob":
            found[path] = out[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)
    return found


def paths_changed(git: Git, base: str, head: str) -> tuple[str, ...]:
    """Return every path that differs between two commits or trees."""
    return tuple(
        git.lines("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, head)
    )


def _change(line: str, parts: Iterator[str]) -> Change:
    old_mode, new_mode, old_blob, new_blob, status = line.removeprefix(":").split(" ")
    letter = _status(status)
    path = next(parts)
    old_path = ""
    if letter == "R":
        old_path, path = path, next(parts)
    return Change(
        path=path,
        status=letter,
        old_mode=int(old_mode, 8),
        new_mode=int(new_mode, 8),
        old_blob=old_blob if old_blob.strip("0") else "",
        new_blob=new_blob if new_blob.strip("0") else "",
        old_path=old_path,
    )


def _status(text: str) -> Status:
    for letter in get_args(Status):
        if text.startswith(letter):
            found: Status = letter
            return found
    raise GitError(f"git diff-tree gave an unknown status {text!r}")
