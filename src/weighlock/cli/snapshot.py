"""The plan as it was when a run began, kept outside every agent's reach."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weighlock.config import GateSettings
from weighlock.errors import TamperedError, WeighlockError
from weighlock.plan.model import Phase, Plan, Source, Span

if TYPE_CHECKING:  # status reads snapshots, and needs no ports
    from weighlock.ports import Store

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


def keep_newer(plan: Plan, folder: Path) -> str:
    """Keep another version of a run's plan beside the first one; return its digest.

    Nothing uses it before the journal names its digest, so a crash here is harmless.
    """
    named = digest(plan)
    target = _newer(folder, named)
    if not (target / "outline.json").exists():
        half = target.with_name(f"{target.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        keep(plan, half)
        shutil.rmtree(target, ignore_errors=True)
        half.rename(target)
    return named


def _newer(folder: Path, named: str) -> Path:
    return folder / "plans" / named.removeprefix("sha256:")


def _at(folder: Path, named: str) -> Path:
    """Return where a version of a run's plan is kept: the first one in its folder."""
    newer = _newer(folder, named)
    return newer if newer.is_dir() else folder


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


def keep_gate(settings: GateSettings, store: "Store") -> str:
    """Store what a gate was told, so that a later process can say what changed."""
    told = {name: _told(getattr(settings, name)) for name in _fields(settings)}
    return store.put(json.dumps(told, sort_keys=True).encode())


def gate_of(store: "Store", digest: str) -> dict[str, Any]:
    """Return what a gate was told; empty when nobody kept it."""
    try:
        found: dict[str, Any] = json.loads(store.get(digest))
    except (WeighlockError, ValueError):
        return {}
    return found


def _fields(settings: GateSettings) -> tuple[str, ...]:
    return tuple(f.name for f in fields(settings))


def _told(value: object) -> object:
    plain = value is None or isinstance(value, (bool, int, float, str))
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    return value if plain else str(value)


def outlined(folder: Path, expected: str) -> Plan:
    """Return a plan's phases without their texts, files and commands; for views only.

    Reading a plan of a thousand phases takes longer than anybody waits for a status.
    The plan's own files are checked as ``kept`` checks them; where there is no outline
    of it, the plan is read.

    Raises:
        TamperedError: A file of the snapshot is gone or was changed.
    """
    plan = _snapshot(folder, expected)
    folder = _at(folder, expected)
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
    folder = _at(folder, expected)
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
