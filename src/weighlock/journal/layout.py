"""Where the files of a run lie (DESIGN 4.5)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # status finds runs, and needs no ports
    from weighlock.ports import Clock

JOURNAL = "journal.jsonl"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """A run that has a journal."""

    id: str
    folder: Path


def run_dir(state: Path, run: str) -> Path:
    """Return the folder of a run.

    Args:
        state: ``<git common dir>/weighlock``.
        run: Id of the run.
    """
    return state / "runs" / run


def runs(state: Path) -> list[RunEntry]:
    """Return the runs of a repository, newest first."""
    folder = state / "runs"
    found = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    return [
        RunEntry(id=path.name, folder=path)
        for path in found
        if (path / JOURNAL).is_file()
    ]


def new_run_id(clock: "Clock") -> str:
    """Return an id that sorts by time: ``20261121-142530-k3f``, UTC."""
    at = datetime.fromtimestamp(clock.now(), UTC)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(3))
    return f"{at:%Y%m%d-%H%M%S}-{letters}"
