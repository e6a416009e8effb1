"""The plan as it was when a run began, kept outside every agent's reach."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from weighlock.errors import TamperedError
from weighlock.plan.model import Phase, Plan, Source, Span

_SHOWN = (
    "key",
    "title",
    "kind",
    "verifies",
    "needs",
    "needs_from",
    "group",
    "owner",
    "estimate",
)
"""What an outline keeps of a phase."""


def digest(plan: Plan) -> str:
    """Return a digest of a plan's files: names and bytes."""
    return _digest(plan.sources)


def _digest(sources: Iterable[Source]) -> str:
    whole = hashlib.sha256()
    for source in sorted(sources, key=lambda s: s.path):
        name = source.path.encode(errors="surrogateescape")
        whole.update(b"%d %s %d " % (len(name), name, len(source.data)))
        whole.update(source.data)
    return f"sha256:{whole.hexdigest()}"


def keep(plan: Plan, folder: Path) -> None:
    """Copy a plan's files into a run's folder, and an outline beside them."""
    for index, source in enumerate(plan.sources):
        (folder / "plan").mkdir(parents=True, exist_ok=True)
        (folder / "plan" / f"{index:04}").write_bytes(source.data)
    about = {
        "path": plan.path,
        "root": plan.root,
        "dialect": plan.dialect,
        "files": [s.path for s in plan.sources],
    }
    (folder / "plan.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    shown = {
        "id": plan.id,
        "title": plan.title,
        "phases": [{name: getattr(p, name) for name in _SHOWN} for p in plan.phases],
    }
    (folder / "outline.json").write_text(json.dumps(shown), encoding="utf-8")


def outlined(folder: Path, expected: str) -> Plan:
    """Return a plan's phases without their texts, files and commands; for views only.

    Reading a plan of a thousand phases takes longer than anybody waits for a status.
    The plan's own files are checked as ``kept`` checks them; where there is no outline
    of it, the plan is read.

    Raises:
        TamperedError: A file of the snapshot is gone or was changed.
    """
    plan = _snapshot(folder, expected)
    try:
        shown = json.loads((folder / "outline.json").read_text(encoding="utf-8"))
        phases = tuple(_phase(plan.path, given) for given in shown["phases"])
        return replace(plan, id=shown["id"], title=shown["title"], phases=phases)
    except (OSError, ValueError, KeyError, TypeError):
        return kept(folder, expected)


def _phase(path: str, given: dict[str, Any]) -> Phase:
    source = Span(file=path, line=1)
    return Phase(**{**given, "needs": tuple(given["needs"])}, source=source)


def kept(folder: Path, expected: str) -> Plan:
    """Read the plan of a run back.

    Raises:
        TamperedError: A file of the snapshot is gone or was changed.
    """
    from weighlock.plan.read import read

    found = _snapshot(folder, expected)
    return read(found.sources, path=found.path, root=found.root, dialect=found.dialect)


def _snapshot(folder: Path, expected: str) -> Plan:
    """Return a plan that knows its files and nothing of what they say."""
    try:
        about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        sources = tuple(
            Source(path=path, data=(folder / "plan" / f"{index:04}").read_bytes())
            for index, path in enumerate(about["files"])
        )
        about = {name: about[name] for name in ("path", "root", "dialect")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TamperedError(
            f"the run's copy of the plan is not whole: {error}", where=str(folder)
        ) from error
    if _digest(sources) != expected:
        raise TamperedError(
            "the run's copy of the plan was changed since the run began",
            hint="start anew: weighlock run PLAN",
            where=str(folder / "plan"),
        )
    return Plan(
        id="",
        title="",
        sources=sources,
        **about,
    )
