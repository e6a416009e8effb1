"""Git directories of our own: nothing in them was written by a user or an agent.

A git directory decides hooks, filters, ignored files, grafts and replaced objects.
Two kinds are made here, file by file as git's repository layout documents it: one
inside an agent's clone, and one for weighlock's own calls, which borrows the user's
object store and is gone after the call.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from weighlock.git import Git, object_stores
from weighlock.tree import RAW_ATTRIBUTES

LITTER = """\
__pycache__/
*.py[co]
.pytest_cache/
.mypy_cache/
.ruff_cache/
.hypothesis/
.coverage
node_modules/
.DS_Store
"""
"""What tools leave behind and nobody delivers, whether or not a project ignores it."""

READ_LIMIT_S = 300.0
"""How long git may read what an agent could have tampered with."""

_CONFIG = """\
[core]
	repositoryformatversion = {version}
	filemode = true
	bare = {bare}
	logallrefupdates = {bare_not}
	hooksPath = /dev/null
	autocrlf = false
	fsmonitor = false
[user]
	name = agent
	email = agent@weighlock.invalid
[commit]
	gpgSign = false
[tag]
	gpgSign = false
[gc]
	auto = 0
[maintenance]
	auto = false
{extensions}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What every git directory of ours takes from the user's repository."""

    common: Path
    """The repository's common git directory."""
    format: str
    """Name of its hash function: sha1 or sha256."""
    stores: tuple[Path, ...]
    """Its object store, then every store that it borrows from."""

    @property
    def excludes(self) -> str:
        """Return the patterns of the user's own ``info/exclude``."""
        return _text(self.common / "info" / "exclude")

    @property
    def shallow(self) -> str:
        """Return where a shallow history ends, one commit id a line."""
        return _text(self.common / "shallow")


def origin(git: Git) -> Origin:
    """Look at the repository that a Git stands in."""
    common, form = git.store()
    return Origin(
        common=common,
        format=form,
        stores=tuple(object_stores(common)),
    )


def make(at: Path, source: Origin, *, bare: bool) -> None:
    """Write an empty git directory that sees ``source``'s objects, and no refs."""
    # A folder costs a millisecond to make and to remove: ours have what git asks for.
    folders = ("objects/info", "refs", "info")
    for folder in folders if bare else (*folders, "objects/pack", "refs/heads"):
        (at / folder).mkdir(parents=True, exist_ok=True)
    other = source.format != "sha1"
    files = {
        "HEAD": "ref: refs/heads/work\n",
        "config": _CONFIG.format(
            version=int(other),
            bare=str(bare).lower(),
            bare_not=str(not bare).lower(),
            extensions=f"[extensions]\n\tobjectFormat = {source.format}\n" * other,
        ),
        "info/exclude": LITTER + source.excludes,
        "info/attributes": RAW_ATTRIBUTES,
        "objects/info/alternates": "".join(f"{quoted(s)}\n" for s in source.stores),
    }
    if source.shallow:
        files["shallow"] = source.shallow
    for name, text in files.items():
        (at / name).write_text(text, encoding="utf-8", errors="surrogateescape")


@contextmanager
def writing(source: Origin, beside: Path) -> Iterator[Git]:
    """Give a Git that writes objects into the user's store, and reads no other.

    An agent's objects must stay out of sight: git does not write what it can see.
    """
    with _passing(source, beside, {"GIT_OBJECT_DIRECTORY": str(source.stores[0])}) as g:
        yield g


@contextmanager
def looking(source: Origin, beside: Path, clone: Path) -> Iterator[Git]:
    """Give a Git that also reads the objects of an agent's clone; writes nothing."""
    store = clone / ".git" / "objects"
    borrowed = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted(store)}
    with _passing(source, beside, borrowed) as git:
        yield git


@contextmanager
def _passing(source: Origin, beside: Path, env: Mapping[str, str]) -> Iterator[Git]:
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="git-", dir=beside) as folder:
        at = Path(folder)
        make(at, source, bare=True)
        yield Git(at, {"GIT_DIR": str(at), **env}, timeout_s=READ_LIMIT_S)


def quoted(path: Path) -> str:
    """Return a path as git's lists of object stores and its import stream want it."""
    return c_quoted(bytes(path)).decode("ascii")


def c_quoted(name: bytes) -> bytes:
    """Return a name in double quotes, every unusual byte as three octal digits."""
    plain = range(0x20, 0x7F)
    parts = (
        bytes((b,)) if b in plain and b not in b'"\\' else b"\\%03o" % b for b in name
    )
    return b'"' + b"".join(parts) + b'"'


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
