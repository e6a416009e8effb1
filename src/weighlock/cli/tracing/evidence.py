"""What a run knows of marked code, read from its branch and its stored verdicts.

Nothing is stored for a trace: what a phase changed is the difference that its commit
makes, and what was weighed last is the tree of the newest checkpoint.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weighlock import syntax
from weighlock.cli.opened import Opened
from weighlock.cli.tracing import blobs
from weighlock.git import Git
from weighlock.run.trace.marker import Marker
from weighlock.run.trace.model import Drift, Landing, Result
from weighlock.run.trace.weighed import Weighed, texts

Digests = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The marked files of a tree, and where they were at the run's last checkpoint."""

    paths: frozenset[str]
    then: Mapping[str, str]
    """Path now → blob at the checkpoint."""
    now: Mapping[str, str]
    """Path now → blob now."""
    before: Mapping[str, str]
    """Path now → path then, of files that were renamed since."""


def weighed(opened: Opened, markers: Iterable[Marker], commit: str | None) -> Weighed:
    """Read what a run knows of the files that carry markers.

    Args:
        opened: The run.
        markers: Of the tree that is traced.
        commit: The commit of that tree; None for the work tree.
    """
    state, git = opened.state, opened.site.git
    known = [(p, c) for p, c in state.checkpoints if git.resolve(c) is not None]
    tip = known[-1][1] if known else ""
    paths = frozenset(m.path for m in markers)
    marked = _marked(git, tip, paths, commit)
    return Weighed(
        state=state,
        texts=texts(opened.plan()),
        landings=_landings(git, known, marked),
        drifted=_drifted(git, marked) if tip else {},
        absent=paths - marked.then.keys() if tip else frozenset(),
        tests=_tests(opened),
    )


def _marked(git: Git, tip: str, paths: frozenset[str], commit: str | None) -> Marked:
    if not tip:
        return Marked(paths=paths, then={}, now={}, before={})
    listed = sorted(paths)
    then = blobs.ids(git, tip, listed)
    now = blobs.ids(git, commit, listed) if commit else blobs.ids_on_disk(git, listed)
    before: dict[str, str] = {}
    if gone := [path for path in listed if path not in then]:
        moved = blobs.renamed(git, tip, commit)
        before = {path: moved[path] for path in gone if path in moved}
        old = blobs.ids(git, tip, list(before.values()))
        then |= {path: old[was] for path, was in before.items() if was in old}
    return Marked(paths=paths, then=then, now=now, before=before)


def _drifted(git: Git, marked: Marked) -> dict[str, Drift]:
    changed = [
        p for p in sorted(marked.paths) if marked.then.get(p) != marked.now.get(p)
    ]
    data = blobs.contents(git, (marked.then.get(p, "") for p in changed))
    return {
        path: Drift(
            now=marked.now.get(path, ""),
            then=_digests(path, data.get(marked.then.get(path, ""))),
        )
        for path in changed
    }


def _digests(path: str, data: bytes | None) -> Digests | None:
    """Return the nodes of a file by name; the module itself is nameless."""
    if data is None:
        return {}
    found = syntax.outline(path, data)
    if found is None:
        return None
    names: dict[str, set[str]] = {}
    for node in (*found.nodes, found.module):
        names.setdefault(node.name, set()).add(node.digest)
    return {name: frozenset(digests) for name, digests in names.items()}


def _landings(
    git: Git, passes: list[tuple[str, str]], marked: Marked
) -> tuple[Landing, ...]:
    wanted = {marked.before.get(path, path): path for path in marked.paths}
    made = {
        commit: [e for e in edits if e.path in wanted and e.new]
        for commit, edits in blobs.edits(git, (c for _, c in passes)).items()
    }
    data = blobs.contents(
        git, (b for edits in made.values() for e in edits for b in (e.old, e.new))
    )
    return tuple(
        Landing(
            phase=phase,
            commit=commit,
            changed={
                wanted[edit.path]: _changed(edit, data) for edit in made.get(commit, [])
            },
        )
        for phase, commit in passes
    )


def _changed(edit: blobs.Edit, data: Mapping[str, bytes]) -> frozenset[str] | None:
    """Return the names of the nodes that an edit changed; None: no nodes are known."""
    new = _digests(edit.path, data.get(edit.new))
    old = _digests(edit.path, data.get(edit.old))
    if new is None or old is None:
        return None
    return frozenset(name for name in new if new[name] != old.get(name))


def _tests(opened: Opened) -> dict[str, Result]:
    """Return how tests ended, by the verdicts that phases passed on, oldest first.

    A verdict names the tests that came or changed; those that a tdd phase brought are
    red, so what is new has passed only where nothing is red.
    """
    found: dict[str, Result] = {}
    passes = [
        opened.state.phase(phase).evidence for phase, _ in opened.state.checkpoints
    ]
    final = opened.state.final
    for digest in dict.fromkeys([*passes, final.evidence if final else ""]):
        verdict = opened.verdict(digest) if digest else None
        if verdict is None or verdict.tests is None:
            continue
        tests = verdict.tests
        failing = frozenset(tests.newly_failing)
        red = tests.after.failed + tests.after.error
        found |= dict.fromkeys(() if red else tests.added, "passed")
        found |= dict.fromkeys(tests.newly_passing, "passed")
        found |= dict.fromkeys(failing, "failed")
    return found
