"""A plan as it was at a commit: an agent that edits it changes nothing."""

import posixpath
import re
import tempfile
from pathlib import Path

from weighlock.cli.site import Site
from weighlock.errors import UsageError
from weighlock.plan.key import normal, resolve
from weighlock.plan.model import Phase, Plan
from weighlock.tree import contents


def plan_at(
    here: Site, path: Path, base: str, scratch: Path | None = None
) -> tuple[Plan, str | None]:
    """Read a plan as it was at ``base`` when it is committed there, else from disk.

    ``scratch`` is where a short-lived copy is made; None: in the system's own place.

    Returns:
        The plan, and its root relative to the repository; None when it lies outside
        or was not committed at base.
    """
    from weighlock.disk import load

    inside = here.inside(path)
    known = [] if inside is None else _below(here, base, inside)
    if inside is None or not known:
        found = load(path)
        return found, None
    with tempfile.TemporaryDirectory(prefix="weighlock-plan-", dir=scratch) as folder:
        _export(here, base, known, Path(folder))
        found = load(Path(folder) / inside)
        root = Path(found.root).resolve().relative_to(Path(folder).resolve())
    return _renamed(found, folder), root.as_posix()


def phase_of(plan: Plan, given: str) -> Phase:
    """Return the phase that a person means by ``5``, ``05`` or ``P05``.

    Raises:
        UsageError: There is none; the message names those there are.
    """
    known = {p.key for p in plan.phases}
    found = plan.phase(resolve(normal(given) or given, known) or given)
    if found is None:
        there = ", ".join(p.key for p in plan.phases[:40])
        raise UsageError(f"the plan has no phase {given!r}", hint=f"it has: {there}")
    return found


def _below(here: Site, base: str, inside: str) -> list[str]:
    """Return the files that belong to a plan at a commit: the file, or its folder."""
    folder = posixpath.dirname(inside) if inside.endswith("/plan") else inside
    wanted = ["--", folder] if folder not in {"", "."} else []
    return here.git.lines("ls-tree", "-r", "-z", "--name-only", base, *wanted)


_TEXT = re.compile(r"\.(md|markdown|txt|json|ya?ml)$", re.IGNORECASE)


def _export(here: Site, base: str, paths: list[str], folder: Path) -> None:
    wanted = [p for p in paths if _TEXT.search(p) or ".completed" in p]
    for path, data in contents(here.git, base, wanted).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _renamed(plan: Plan, folder: str) -> Plan:
    """Take the temporary folder out of every position: people know the repository's."""
    from weighlock.plan.read import read

    def short(path: str) -> str:
        return posixpath.relpath(path, folder)

    return read(
        plan.sources,
        path=short(plan.path),
        root=short(plan.root),
        dialect=plan.dialect,
    )
