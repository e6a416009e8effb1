"""Which files make up a plan: pure choosing, for folders and for git commits alike."""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from weighlock.plan import key
from weighlock.plan.titles import read_file_name

FOLDERS = ("plan", "plans", "phases", "phase")
GSD_PLAN = re.compile(
    r"(?P<phase>\d{1,3}(?:\.\d+)?)-(?P<plan>\d{1,3})-PLAN\.md\Z", re.IGNORECASE
)
"""The name of a plan file of GSD."""
_GSD_BESIDE = re.compile(r"\d[\d.]*-\d+-SUMMARY\.md\Z", re.IGNORECASE)
_GSD_TOP = ("roadmap.md", "requirements.md")
_TEXT = (".md", ".markdown", ".txt")
_DATA = ("tasks.json", "sprint-status.yaml")
_TASK_MASTER = ("tasks.json", "tasks/tasks.json", "data/tasks.json")
_STATE = "state.json"
_PHASE = re.compile(
    r"(?:P(?=\d)|(?:phase|step|task)[-_ ]?)?\d{1,3}(?:\.\d{1,2})?[a-z]?"
    r"(?=[-_. ])[^/]*\.(?:md|markdown)\Z",
    re.IGNORECASE,
)
_MARKER = re.compile(r"(?:.*/)?\.completed/([^/]+?)(?:\.md)?\Z")
_FIRST = ("tasks.md", "plan.md", "implementation_plan.md", "execution-plan.md")
_BESIDE = ("requirements.md", "design.md", "proposal.md", "spec.md", "plan.md")
_DEPTH = 3
_COLLECTED = ("specs/", "changes/", "tracks/")
_OLD = "archive/"
OTHERWISE = frozenset(
    [
        "readme",
        "changelog",
        "contributing",
        "license",
        "licence",
        "security",
        "code_of_conduct",
        "agents",
        "claude",
        "gemini",
        "copilot-instructions",
        "skill",
        "history",
        "authors",
        "support",
    ]
)
"""Stems of files that every repository has and that are no plans, though they hold
steps."""
_MARKED_FOLDERS = (".completed", "analysis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The files of a plan: its root, and paths below the root."""

    root: str
    """As the paths were given; ``""`` is the folder they are relative to."""
    paths: tuple[str, ...]
    rivals: tuple[str, ...] = ()
    """Folders below the root that hold a plan each, when there are several."""
    below: tuple[str, ...] = ()
    """Such folders beside paths that their names do not make a plan; they are meant
    where the paths turn out to have no phase."""


def is_phase_file(path: str) -> bool:
    """Say whether a file's name starts with a phase number."""
    name = posixpath.basename(path)
    return bool(_PHASE.match(name)) and read_file_name(name) is not None


def marker_key(path: str) -> str | None:
    """Return the phase a completion marker (``.completed/P03.md``) is for."""
    found = _MARKER.match(path)
    return key.normal(found[1]) if found else None


def choose(paths: Iterable[str], given: str) -> Choice:
    """Choose the files of the plan that ``given`` names.

    Args:
        paths: Every candidate file, POSIX, all relative to one folder.
        given: A file, the plan's root, or its ``plan/`` folder, relative to the same
            folder; ``""`` or ``"."`` is that folder itself.

    Returns:
        The root and the chosen paths, relative to it; no path when there is none.
    """
    known = tuple(dict.fromkeys(paths))
    given = posixpath.normpath(given).strip("/")
    given = "" if given == "." else given
    if given in known:
        return Choice(root=posixpath.dirname(given), paths=(posixpath.basename(given),))
    root = given
    if posixpath.basename(given).lower() in FOLDERS and _phases(known, given):
        root = posixpath.dirname(given)
    prefix = f"{root}/" if root else ""
    below = [p[len(prefix) :] for p in known if p.startswith(prefix)]
    texts = [p for p in below if p.lower().endswith((*_TEXT, *_DATA))]
    chosen = tuple(sorted(_laid_out(below, texts)))
    homes = _homes(chosen)
    if len(homes) > 1:
        return Choice(root=root, paths=(), rivals=homes)
    if chosen:
        return Choice(root=root, paths=chosen)
    return _loose(known, root, texts)


def _loose(known: Sequence[str], root: str, texts: Sequence[str]) -> Choice:
    """Choose the texts at the top, or the plan below where they can be none."""
    top = tuple(sorted(p for p in texts if "/" not in p))
    inner = _inner(texts)
    if any(p.lower().rpartition(".")[0] not in OTHERWISE for p in top):
        return Choice(root=root, paths=top, below=inner)
    if len(inner) > 1:
        return Choice(root=root, paths=(), rivals=inner)
    if inner:
        return choose(known, posixpath.join(root, inner[0]))
    return Choice(root=root, paths=top or tuple(sorted(texts)))


def _inner(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the folders below that are laid out as a plan: ``x/plan/01-a.md``."""
    folders = {posixpath.dirname(p) for p in texts if is_phase_file(p)}
    homes = {
        posixpath.dirname(f)
        for f in folders
        if "/" in f and posixpath.basename(f).lower() in FOLDERS
    }
    homes.update(_homes(texts))
    return tuple(sorted(h for h in homes if "archive" not in h.split("/")))


def _phases(paths: Sequence[str], folder: str) -> list[str]:
    return [p for p in paths if posixpath.dirname(p) == folder and is_phase_file(p)]


def _laid_out(below: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the paths that make a plan by where they lie and how they are called."""
    if any(_is_gsd(p) for p in texts):
        return [p for p in texts if _is_gsd(p) or p.lower() in _GSD_TOP]
    if listed := [p for p in _TASK_MASTER if p in texts]:
        return [p for p in below if p in {listed[0], _STATE}]
    for folder in (*FOLDERS, ""):
        if len(_phases(texts, folder)) > (0 if folder else 1):
            return [p for p in (*texts, *_bare_markers(below)) if _belongs(p, folder)]
    top = [p for p in texts if "/" not in p]
    tasks = [p for p in top if p.lower() == _FIRST[0]]
    if tasks:
        return [p for p in texts if p in tasks or _beside(p)]
    for name in _FIRST[1:]:
        if found := [p for p in top if p.lower() == name]:
            return found
    return _nested(texts, top)


def _nested(texts: Sequence[str], top: Sequence[str]) -> list[str]:
    """Return the files of the plans below a folder that only collects plans.

    Such are ``.kiro/``, ``specs/``, ``openspec/`` and ``openspec/changes/``.
    """
    homes = [
        h for h in _homes(texts) if not h.startswith(_OLD) and "/archive/" not in h
    ]
    collects = all(h.startswith(_COLLECTED) for h in homes)
    if not homes or (top and not collects):
        return []
    return [
        p
        for p in texts
        if _beside(p, _DEPTH + 1) or posixpath.basename(p).lower() == _FIRST[0]
        if any(p.startswith(f"{home}/") for home in homes)
    ]


def _homes(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the folders below that have a ``tasks.md`` of their own."""
    return tuple(
        posixpath.dirname(p)
        for p in paths
        if "/" in p and posixpath.basename(p).lower() == _FIRST[0]
    )


def _is_gsd(path: str) -> bool:
    """Say whether a file is a plan of GSD or its summary; old milestones are not."""
    name = posixpath.basename(path)
    if path.startswith("milestones/"):
        return False
    return bool(GSD_PLAN.match(name) or _GSD_BESIDE.match(name))


def _bare_markers(below: Sequence[str]) -> list[str]:
    return [p for p in below if marker_key(p) and not p.endswith(_TEXT)]


def _belongs(path: str, folder: str) -> bool:
    first = path.split("/", 1)[0] if "/" in path else ""
    return first in {"", folder, *_MARKED_FOLDERS} and path.count("/") <= _DEPTH


def _beside(path: str, depth: int = _DEPTH) -> bool:
    return posixpath.basename(path).lower() in _BESIDE and path.count("/") <= depth
