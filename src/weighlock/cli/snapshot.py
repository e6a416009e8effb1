"""The plan as it was when a run began, kept outside every agent's reach."""

import hashlib
import json
from pathlib import Path

from weighlock.errors import TamperedError
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read


def digest(plan: Plan) -> str:
    """Return a digest of a plan's files: names and bytes."""
    whole = hashlib.sha256()
    for source in sorted(plan.sources, key=lambda s: s.path):
        name = source.path.encode(errors="surrogateescape")
        whole.update(b"%d %s %d " % (len(name), name, len(source.data)))
        whole.update(source.data)
    return f"sha256:{whole.hexdigest()}"


def keep(plan: Plan, folder: Path) -> None:
    """Copy a plan's files into a run's folder."""
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


def kept(folder: Path, expected: str) -> Plan:
    """Read the plan of a run back.

    Raises:
        TamperedError: A file of the snapshot is gone or was changed.
    """
    try:
        about = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        sources = tuple(
            Source(path=path, data=(folder / "plan" / f"{index:04}").read_bytes())
            for index, path in enumerate(about["files"])
        )
    except (OSError, ValueError, KeyError) as error:
        raise TamperedError(
            f"the run's copy of the plan is not whole: {error}", where=str(folder)
        ) from error
    plan = read(
        sources, path=about["path"], root=about["root"], dialect=about["dialect"]
    )
    if digest(plan) != expected:
        raise TamperedError(
            "the run's copy of the plan was changed since the run began",
            hint="start anew: weighlock run PLAN",
            where=str(folder / "plan"),
        )
    return plan
