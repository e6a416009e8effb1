"""Disk → Plan: the one place that reads a plan's files."""

import os
from collections.abc import Iterator
from pathlib import Path

from weighlock.errors import PlanError
from weighlock.plan.encoding import binary
from weighlock.plan.layout import FOLDERS, Choice, choose
from weighlock.plan.model import Dialect, Plan, Source
from weighlock.plan.read import read

MAX_BYTES = 32 * 1024 * 1024
MAX_FILES = 5_000
_DEPTH = 4
_SHOWN = 8
_SKIP = frozenset({".git", "node_modules", "target", "dist", "build", ".venv", "venv"})


def load(path: Path, *, dialect: Dialect | None = None) -> Plan:
    """Read the plan at a path: a file, the plan's root, or its ``plan/`` folder.

    Raises:
        PlanError: It is missing, empty, binary, too large or cannot be read.
    """
    where = path.as_posix()
    if not path.exists():
        raise PlanError(
            "there is no such plan",
            where=where,
            hint="check the path; ls shows what is there",
        )
    try:
        base, choice = _chosen(path)
        root = base / choice.root if choice.root else base
        sources = tuple(_sources(root, choice.paths, where))
    except OSError as error:
        raise PlanError(
            f"cannot be read: {error.strerror or error}",
            where=str(error.filename or where),
            hint="check the permissions",
        ) from error
    if not any(source.data.strip() for source in sources):
        raise PlanError(
            "there is no text to read"
            if path.is_file()
            else "there is no plan in this folder",
            where=where,
            hint="give a markdown file, or the folder that holds the phase files",
        )
    plan = read(sources, path=where, root=root.as_posix(), dialect=dialect)
    if choice.below and dialect is None and plan.dialect == "free":
        if len(choice.below) > 1:
            raise _several(path, choice.below)
        return load(root / choice.below[0])
    return plan


def _chosen(path: Path) -> tuple[Path, Choice]:
    """Return the folder that was looked through, and the plan's files in it."""
    if not path.is_dir():
        return path.parent, Choice(root="", paths=(path.name,))
    resolved = path if path.name else path.resolve()
    base = path.parent if resolved.name.lower() in FOLDERS else path
    given = path.name if base is not path else ""
    choice = choose(_walk(base, path.as_posix()), given)
    if choice.rivals:
        raise _several(path, choice.rivals)
    return base, choice


def _several(path: Path, rivals: tuple[str, ...]) -> PlanError:
    """Say that a folder holds several plans, and how to name one."""
    shown = ", ".join(rivals[:_SHOWN])
    more = f" and {len(rivals) - _SHOWN} more" if len(rivals) > _SHOWN else ""
    return PlanError(
        f"there are {len(rivals)} plans in this folder: {shown}{more}",
        where=path.as_posix(),
        hint=f"give one of them: {(path / rivals[0]).as_posix()}",
    )


def _walk(base: Path, where: str) -> Iterator[str]:
    count = 0
    for folder, folders, names in os.walk(base):
        below = Path(folder).relative_to(base)
        folders[:] = sorted(f for f in folders if f not in _SKIP)
        if len(below.parts) >= _DEPTH:
            folders.clear()
        for name in sorted(names):
            count += 1
            if count > MAX_FILES:
                raise PlanError(
                    f"the folder holds more than {MAX_FILES} files",
                    where=where,
                    hint="give the plan's own folder or file, not a whole repository",
                )
            yield (below / name).as_posix()


def _sources(root: Path, files: tuple[str, ...], where: str) -> Iterator[Source]:
    left = MAX_BYTES
    for name in files:
        file = root / name
        if not file.is_file():
            if len(files) == 1:
                raise PlanError(
                    "is not a plain file",
                    where=where,
                    hint="give a markdown file or a folder",
                )
            continue
        size = file.stat().st_size
        if size > left:
            raise PlanError(
                f"the plan is larger than {MAX_BYTES // 2**20} MB",
                where=(root / name).as_posix(),
                hint="give the plan's own folder or file; logs do not belong in it",
            )
        with file.open("rb") as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if binary(data):
            if len(files) == 1:
                raise PlanError(
                    "this is a binary file, not a plan",
                    where=where,
                    hint="give a markdown file",
                )
            continue
        yield Source(path=name, data=data)
