"""Find the plans that a path means: one file, one plan's folder, a folder of many."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weighlock.plan.layout import FOLDERS, OTHERWISE, is_phase_file

_TEXT = (".md", ".markdown")
_TASKS = "tasks.md"
_PLAIN = frozenset({".planning", ".kiro", ".specify", ".taskmaster", ".agent"})
"""Hidden folders that hold plans."""
_NOT_OURS = frozenset({"node_modules", "target", "dist", "build", "venv", "vendor"})
_BESIDE = frozenset({".completed", "analysis"})
_ABOVE = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a plan."""

    path: Path
    sure: bool
    """Somebody named it, or its folder is laid out as a plan; else its text decides."""


def candidates(path: Path, *, whole: bool = False) -> Iterator[Candidate]:
    """Yield what a path on the command line means.

    Args:
        path: A file or a folder.
        whole: Whether a file stands for the plan that it is a part of.
    """
    if not path.is_dir():
        yield _owner(path) if whole else Candidate(path, sure=True)
        return
    found = list(_below(path))
    yield from found or [Candidate(path, sure=True)]


def _owner(file: Path) -> Candidate:
    """Return the plan that a file is a part of, or the file itself."""
    for folder in (*file.absolute().parents,)[:_ABOVE]:
        root = _laid_out(folder)
        if root is not None and _holds(folder, root, file.absolute()):
            return Candidate(_near(root), sure=True)
        if (folder / ".git").exists():
            break
    return Candidate(file, sure=False)


def _holds(folder: Path, root: Path, file: Path) -> bool:
    first = file.relative_to(folder).parts[0]
    inside = root == folder or file.is_relative_to(root)
    return inside or first in _BESIDE or file.parent == folder


def _near(path: Path) -> Path:
    """Return a path as people write it: from here, where that is shorter."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


def _below(folder: Path) -> Iterator[Candidate]:
    """Yield the plans in a folder; what lies beside a laid-out plan belongs to it."""
    root = _laid_out(folder)
    if root is not None:
        yield Candidate(root, sure=True)
    if root == folder:
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if _open(path) and path != root:
                yield from _below(path)
        elif root is None and _may_be(path.name):
            yield Candidate(path, sure=False)


def _open(folder: Path) -> bool:
    """Say whether plans may lie in a folder; links are not followed."""
    if folder.name.startswith("."):
        return folder.name in _PLAIN and not folder.is_symlink()
    closed = folder.name.lower() in _NOT_OURS | _BESIDE
    return not closed and not folder.is_symlink()


def _may_be(name: str) -> bool:
    stem, dot, ending = name.lower().rpartition(".")
    return (dot + ending in _TEXT and stem not in OTHERWISE) or name == "tasks.json"


def _laid_out(folder: Path) -> Path | None:
    """Return the folder to load where this one is laid out as one plan."""
    names = _names(folder)
    numbered = sum(map(is_phase_file, names))
    if numbered > (0 if folder.name.lower() in FOLDERS else 1):
        return folder
    for name in FOLDERS:
        if any(map(is_phase_file, _names(folder / name))):
            return folder / name
    spec = _TASKS in map(str.lower, names)
    return folder if spec or folder.name == ".planning" else None


def _names(folder: Path) -> list[str]:
    """Return the files of a folder; none where there is no folder to read."""
    try:
        return [path.name for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []
