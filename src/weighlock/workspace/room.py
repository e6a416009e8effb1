"""Make a clone for one attempt, find what dead runs left, and take both away.

A room is a folder in the user's cache: the work tree, and beside it, out of the
agent's reach, a marker that names the process that made it.
"""

import json
import os
import re
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from weighlock.git import Git
from weighlock.process import start_ticks
from weighlock.workspace.gitdir import Origin, make

MARKER = "owner.json"
BRANCH = "work"


def build(
    folder: Path, name: str, base: str, start: str | None, *, source: Origin
) -> Path:
    """Make a room for one attempt and return its work tree.

    The clone has one branch, at ``base``, and no other ref: nothing that was written
    after the base can be found by its history.

    Args:
        folder: Where rooms of this repository lie.
        name: Beginning of the room's name: phase and attempt.
        base: Commit id to stand on.
        start: Commit or tree whose files lie there instead, uncommitted.
        source: The user's repository.
    """
    folder.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
    pid = os.getpid()
    owner = {
        "pid": pid,
        "started": start_ticks(pid),
        "host": socket.gethostname(),
        "start": start,
    }
    try:
        (room / MARKER).write_text(json.dumps(owner), encoding="utf-8")
        return _clone(room / _name(source.common), base, start, source)
    except BaseException:
        remove(room)  # on a full disk half a clone would stand in everybody's way
        raise


def _clone(work_tree: Path, base: str, start: str | None, source: Origin) -> Path:
    inner = work_tree / ".git"
    make(inner, source, bare=False)
    (inner / "refs" / "heads" / BRANCH).write_text(f"{base}\n", encoding="ascii")
    git = Git(work_tree, {"GIT_DIR": str(inner), "GIT_WORK_TREE": str(work_tree)})
    git.run("-c", "checkout.workers=0", "read-tree", "-u", "--reset", start or base)
    if start is not None:
        git.run("read-tree", base)
        git.run("update-index", "-q", "--refresh", codes=(0, 1))
    return work_tree


def start_of(work_tree: Path) -> str | None:
    """Return the tree that was laid over the base when the room was made."""
    start = _owner(work_tree.parent / MARKER).get("start")
    return start if isinstance(start, str) else None


def remove(room: Path) -> None:
    """Remove a room whatever modes were set in it; links are not followed."""

    def again(action: Callable[[str], object], path: str, _: object) -> None:
        for place in (Path(path).parent, Path(path)):
            if place.is_relative_to(room) and not place.is_symlink():
                place.chmod(stat.S_IRWXU)
        action(path)

    if room.exists():
        shutil.rmtree(room, onerror=again)


def leftovers(folder: Path) -> Iterator[Path]:
    """Return the rooms whose process on this machine is gone."""
    for room in sorted(folder.iterdir()) if folder.is_dir() else ():
        if room.is_dir() and _dead(room / MARKER):
            yield room


def _dead(marker: Path) -> bool:
    """Say whether the process that a marker names is gone; no if in doubt."""
    owner = _owner(marker)
    pid, started = owner.get("pid"), owner.get("started")
    if owner.get("host") != socket.gethostname() or not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return start_ticks(pid) != started


def _owner(marker: Path) -> Mapping[str, object]:
    try:
        owner = json.loads(marker.read_bytes())
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}


def _name(common: Path) -> str:
    """Return a folder name that tells a person and an agent which project it is."""
    name = common.parent.name if common.name == ".git" else common.stem
    return re.sub(r"[^\w.-]", "-", name).strip(".-") or "repository"
