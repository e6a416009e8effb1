"""Make checkouts that borrow a repository's objects and nothing else of it."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from weighlock.git import Git, object_stores
from weighlock.tree import RAW_ATTRIBUTES


def check_out(git: Git, commit: str, tree: Path) -> None:
    """Make a repository at ``tree`` that borrows objects and stands on ``commit``."""
    borrow(git, tree)
    stand(tree, commit)


def borrow(git: Git, at: Path) -> tuple[Path, ...]:
    """Make an empty repository that sees another's objects; return their stores.

    Branches and tags are copied as names, so that ``git diff main...HEAD`` works in
    it; configuration, hooks, filters and remotes are not.
    """
    common, form = git.store()
    own = at / ".git"
    git.run("init", "-q", "--template=", f"--object-format={form}", str(at))
    (own / "info").mkdir(exist_ok=True)
    (own / "info/attributes").write_text(RAW_ATTRIBUTES)
    (own / "objects/info").mkdir(exist_ok=True)
    (own / "objects/info/alternates").write_text(f"{common / 'objects'}\n")
    if (common / "shallow").is_file():
        shutil.copy(common / "shallow", own / "shallow")
    refs = git.text("for-each-ref", "--format=%(objectname) %(refname)")
    (own / "packed-refs").write_text(f"{refs}\n" if refs else "")
    return tuple(object_stores(common))


def stand(tree: Path, commit: str) -> None:
    """Let a repository of ours stand on a commit, its files on disk."""
    (tree / ".git/HEAD").write_text(f"{commit}\n")
    Git(tree).run("reset", "-q", "--hard", commit)


def write(tree: Path, path: str, data: bytes | None) -> None:
    """Put a file into a checkout, or take it out, without following links."""
    target = tree / path
    if _leads_out(tree, target.parent):
        return
    if target.is_symlink() or target.is_file():
        target.unlink()
    if data is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _leads_out(tree: Path, folder: Path) -> bool:
    """Say whether a delivered link would carry a write out of the checkout."""
    return not folder.resolve().is_relative_to(tree.resolve())


def stamps(tree: Path, files: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return what the system notes when a file is written, and nobody can set back."""
    seen = {}
    for path in files:
        with suppress(OSError):
            stat = (tree / path).lstat()
            seen[path] = (stat.st_ino, stat.st_ctime_ns)
    return seen


def restore(tree: Path, files: Iterable[tuple[str, bytes | None]]) -> None:
    """Write several files: what base had, or nothing where base had nothing."""
    for path, data in files:
        write(tree, path, data)
