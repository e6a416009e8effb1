"""Repository → Ground: the facts that some rules of ``lint`` ask for.

Nothing of the plan runs here; a handful of git calls, and the ``package.json`` files.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import basename, dirname

from weighlock.git import Git, GitError
from weighlock.plan.lint.commands.paths import cited_paths
from weighlock.plan.lint.ground import Ground
from weighlock.plan.lint.known import Known
from weighlock.plan.model import Plan

_RUNNERS = ("vitest", "jest", "mocha", "ava", "@playwright/test")
_MANIFEST = "package.json"
_MOST = 200
"""Manifests that are read: the outermost ones of a repository with very many."""
_ASKED = 500
"""Paths that history is asked about."""


def look(repo: Path, plan: Plan) -> Ground:
    """Gather what the repository around ``repo`` holds of what a plan speaks of.

    Args:
        repo: A folder of the repository.
        plan: Loaded from a path below the current folder, or an absolute one.

    Raises:
        GitError: There is no repository, no commit, or git cannot read it.
    """
    git = Git(repo)
    top = Git(Path(git.text("rev-parse", "--show-toplevel")))
    if top.resolve("HEAD") is None:
        raise GitError(
            "there is no commit to look at",
            where=repo.as_posix(),
            hint="commit something first, or lint without the repository",
        )
    tracked = frozenset(top.lines("ls-tree", "-r", "-z", "--name-only", "HEAD"))
    present = frozenset(
        top.lines("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    )
    manifests = dict(_manifests(top, tracked))
    return Ground(
        home=_home(plan, top.cwd),
        tracked=tracked,
        present=present - tracked,
        past=_past(top, plan, Known((*tracked, *present))),
        runners={folder: _runners(data) for folder, data in manifests.items()},
        scripts={folder: _scripts(data) for folder, data in manifests.items()},
    )


def _home(plan: Plan, top: Path) -> str:
    return Path(os.path.relpath(Path(plan.root).resolve(), top.resolve())).as_posix()


def _past(git: Git, plan: Plan, known: Known) -> frozenset[str]:
    """Return the paths a plan names that are gone, but were in some commit."""
    gone = sorted(p for p in cited_paths(plan) if p not in known and "*" not in p)
    if not gone:
        return frozenset()
    wanted = [f":(glob)**/{path}" for path in gone[:_ASKED] if _plain(path)]
    found = git.lines(
        *("log", "--all", "--format=", "--name-only", "--no-renames", "-z"),
        *("--diff-filter=AD", "--", *wanted),
    )
    held = Known(found)
    return frozenset(path for path in gone if wanted and path in held)


def _plain(path: str) -> bool:
    """Say whether git can be asked for a path as it stands."""
    return not path.startswith(("/", "..", "~", ":")) and not set(path) & set("[]?\\\0")


def _manifests(
    git: Git, tracked: frozenset[str]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each folder with a readable ``package.json``, the outermost first."""
    paths = (p for p in tracked if basename(p) == _MANIFEST)
    for path in sorted(paths, key=lambda p: (p.count("/"), p))[:_MOST]:
        try:
            data = json.loads(git.show("HEAD", path) or b"")
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            yield dirname(path), data


def _runners(manifest: Mapping[str, object]) -> frozenset[str]:
    tables = (manifest.get("dependencies"), manifest.get("devDependencies"))
    names = {name for table in tables if isinstance(table, dict) for name in table}
    return frozenset(runner for runner in _RUNNERS if runner in names)


def _scripts(manifest: Mapping[str, object]) -> dict[str, str]:
    table = manifest.get("scripts")
    if not isinstance(table, dict):
        return {}
    return {k: v for k, v in table.items() if isinstance(k, str) and isinstance(v, str)}
