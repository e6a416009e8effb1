"""Make the trace that is asked for: which plan, which tree, whose evidence."""

import difflib
import gc
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from weighlock.cli.context import Globals
from weighlock.cli.opened import Opened, newest_of, open_run
from weighlock.cli.site import Site, site
from weighlock.config.trace import TraceSettings
from weighlock.errors import NothingToDo, UsageError
from weighlock.plan.model import Plan
from weighlock.run.trace.marker import Marker
from weighlock.run.trace.model import STATES, Trace
from weighlock.run.trace.policy import Policy
from weighlock.run.trace.weighed import Weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asks to be traced."""

    plan: Path | None = None
    commit: str | None = None
    worktree: bool = False
    run: str | None = None
    fail_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A trace, and what it was made from."""

    site: Site
    plan: Plan
    opened: Opened | None
    trace: Trace
    policy: Policy


def traced(globals_: Globals, asked: Asked) -> Traced:
    """Read plan, markers and evidence, and trace.

    Raises:
        UsageError: Options exclude each other, or name what is not there.
        NothingToDo: No plan is named, and there is no run.
        PlanError: The plan cannot be read.
    """
    from weighlock import markers
    from weighlock.run.trace.matrix import trace

    gc.disable()  # what is made here lives to the end of the process
    if asked.commit and asked.worktree:
        raise UsageError("--commit and --worktree exclude each other")
    here = site(globals_)
    policy = _policy(here.settings.trace, asked.fail_on)
    plan, opened = _plan(globals_, here, asked)
    commit = _commit(globals_, here, opened, asked)
    found = markers.scan(
        here.root,
        commit=commit,
        without=_own(here, plan),
        nodes=True,
        cache=_cache(here),
    )
    made = trace(
        plan,
        found,
        weighed=_weighed(opened, found, commit) if opened else Weighed(),
        policy=policy,
        commit=commit or "",
    )
    return Traced(site=here, plan=plan, opened=opened, trace=made, policy=policy)


def _policy(settings: TraceSettings, fail_on: str | None) -> Policy:
    states = settings.fail_on if fail_on is None else _states(fail_on)
    return Policy(
        needs=settings.needs,
        justified=settings.justified,
        fail_on=frozenset(state for state in STATES if state in states),
    )


def _states(given: str) -> tuple[str, ...]:
    """Read a list of states.

    Raises:
        UsageError: One is none.
    """
    words = tuple(word.strip().lower() for word in given.split(",") if word.strip())
    for word in words:
        if word not in STATES:
            near = difflib.get_close_matches(word, STATES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {_ALL}"
            raise UsageError(f"--fail-on: there is no state {word!r}", hint=hint)
    return words


_ALL = ", ".join(STATES)


def _plan(globals_: Globals, here: Site, asked: Asked) -> tuple[Plan, Opened | None]:
    if asked.plan is None:
        return _of_run(here, asked)
    from weighlock.cli.driving.start import slug

    path = asked.plan
    if globals_.repo is not None and not path.is_absolute():
        path = globals_.repo / path
    found = _read(here, path, asked.commit)
    if asked.run is not None:
        return found, open_run(here, asked.run)
    return found, newest_of(here, slug(found))


def _of_run(here: Site, asked: Asked) -> tuple[Plan, Opened]:
    """Return the plan of a run as it reads now; as it was when its files are gone."""
    try:
        opened = open_run(here, asked.run)
    except NothingToDo as nothing:
        raise NothingToDo(
            "this repository has no run, so name the plan",
            hint="weighlock trace PLAN",
        ) from nothing
    kept = opened.plan()
    path = Path(os.path.relpath(here.root / kept.path))
    return (_read(here, path, asked.commit) if path.exists() else kept), opened


def _read(here: Site, path: Path, commit: str | None) -> Plan:
    if commit:
        from weighlock.cli.planned import plan_at

        known = here.git.resolve(commit)
        return plan_at(here, path, known)[0] if known else _load(path)
    return _load(path)


def _load(path: Path) -> Plan:
    from weighlock.disk import load

    return load(path)


def _commit(
    globals_: Globals, here: Site, opened: Opened | None, asked: Asked
) -> str | None:
    """Return the commit to look at; None is the work tree.

    Raises:
        UsageError: There is no such commit.
    """
    if asked.commit:
        found = here.git.resolve(asked.commit)
        if found is None:
            raise UsageError(
                f"there is no commit {asked.commit!r} here",
                hint="see: git log --oneline --all",
            )
        return found
    if asked.worktree or opened is None or not opened.state.checkpoints:
        return None
    state = opened.state
    branch = here.git.resolve(state.branch)
    if branch is None or here.git.ok("merge-base", "--is-ancestor", state.tip, "HEAD"):
        return None
    globals_.say(
        f"the work of this run is not merged here: looking at {state.branch} "
        "(for these files: --worktree)"
    )
    return branch


def _own(here: Site, plan: Plan) -> list[str]:
    """Return the files and folders of the plan: what they name is no evidence."""
    root = Path(plan.root)
    root = root if root.is_absolute() else _seen_from(here, root)
    inside = here.inside(root)
    if inside is None:
        return []
    if inside != "." and len(plan.sources) > 1:
        return [inside]
    return [(Path(inside) / source.path).as_posix() for source in plan.sources]


def _seen_from(here: Site, root: Path) -> Path:
    """Return a plan's root, which is told from here or from the repository's top."""
    return root if root.exists() else here.root / root


def _cache(here: Site) -> Path:
    """Return where markers are kept by blob id; it may be deleted at any time."""
    from weighlock.cli.site import cache_folder

    name = sha256(str(here.root).encode(errors="replace")).hexdigest()[:16]
    folder = cache_folder() / "markers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def _weighed(opened: Opened, found: tuple[Marker, ...], commit: str | None) -> Weighed:
    from weighlock.cli.tracing.evidence import weighed

    return weighed(opened, found, commit)
