"""Begin a run, or find the unfinished one of the same plan."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from weighlock import __version__
from weighlock.cli.opened import Opened, newest_of, open_run
from weighlock.cli.planned import phase_of
from weighlock.cli.site import Site
from weighlock.cli.snapshot import digest, keep, keep_gate
from weighlock.disk import load
from weighlock.errors import NothingToDo, PlanError, RefusedError
from weighlock.journal import BlobStore, FileJournal, lock_run, new_run_id, run_dir
from weighlock.plan.changes import around
from weighlock.plan.lint import lint
from weighlock.plan.model import Plan
from weighlock.plan.order import needs_of
from weighlock.ports import Clock
from weighlock.run.events import RunResumed, RunStarted
from weighlock.run.phase import DONE
from weighlock.run.state import RunState
from weighlock.views.problems import lines_of
from weighlock.views.problems import text as problems_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which phases a run is asked to do; both None: all."""

    only: tuple[str, ...] = ()
    until: str | None = None


def slug(plan: Plan) -> str:
    """Return a plan's name for branches and messages."""
    words = plan.id or plan.title or Path(plan.path).stem
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "plan"


def runnable(path: Path) -> Plan:
    """Load a plan and refuse what cannot be executed: cycles, unknown phases.

    Raises:
        PlanError: The plan cannot be read, or lint finds an error in its structure.
    """
    plan = load(path)
    refuse_fatal(plan, path)
    return plan


def refuse_fatal(plan: Plan, path: Path) -> None:
    """Refuse a plan of which some phase could never start, or that has none.

    Raises:
        PlanError: Lint finds an error in its structure.
    """
    fatal = [p for p in lint(plan) if p.code.startswith(_FATAL)]
    if fatal:
        told = problems_text(fatal, lines_of(plan))
        raise PlanError(
            f"the plan cannot be executed as it is:\n{told}",
            hint=f"mend it, then look again: weighlock lint {path}",
        )
    if not plan.phases:
        raise PlanError("the plan has no phase", where=str(path))


_FATAL = ("WL101", "WL102")
"""A cycle, or a need that names no phase: some phase could never start."""


def select(plan: Plan, selection: Selection) -> tuple[str, ...]:
    """Return the keys a run is asked to do, in plan order.

    Raises:
        UsageError: A key names no phase.
    """
    if selection.only:
        wanted = {phase_of(plan, key).key for key in selection.only}
        return tuple(p.key for p in plan.phases if p.key in wanted)
    if selection.until:
        last = phase_of(plan, selection.until).key
        wanted = _closure(plan, last)
        keys = [p.key for p in plan.phases]
        return tuple(
            k for k in keys if k in wanted or keys.index(k) <= keys.index(last)
        )
    return tuple(p.key for p in plan.phases)


def _closure(plan: Plan, key: str) -> set[str]:
    needs = needs_of(plan.phases)
    wanted, todo = set[str](), [key]
    while todo:
        one = todo.pop()
        if one not in wanted:
            wanted.add(one)
            todo += needs[one]
    return wanted


def begin(
    site: Site, plan: Plan, selected: tuple[str, ...], clock: Clock
) -> tuple[Opened, RunResumed | None]:
    """Begin a run of a plan, or go on with its unfinished one.

    Returns:
        The run, and what to journal first when it goes on.

    Raises:
        NothingToDo: The plan has already passed, as it is.
        RefusedError: An unfinished run exists of another version of the plan, or a
            run of it is being driven.
    """
    name = slug(plan)
    base = site.head()
    before = newest_of(site, name)
    if before is not None and site.git.resolve(before.state.branch) is not None:
        refuse_unmet(plan, selected, before.state)
        return _go_on(before, plan, selected, clock)
    refuse_unmet(plan, selected, RunState())
    run = new_run_id(clock)
    where = site.inside(Path(plan.root))
    started = RunStarted(
        at=clock.now(),
        run=run,
        plan=name,
        plan_digest=digest(plan),
        plan_path=_tracked(site, base, plan, where),
        base=base,
        branch=f"weighlock/{name}",
        phases=tuple(p.key for p in plan.phases),
        selected=selected,
        version=__version__,
        gate=keep_gate(site.settings.gate, BlobStore(site.evidence)),
    )
    # A run that is being driven has no branch before its first attempt.
    with lock_run(site.state, name, run):
        folder = run_dir(site.state, run)
        folder.mkdir(parents=True)
        keep(_placed(plan, where), folder)
        FileJournal(folder / "journal.jsonl").append(started)
    return open_run(site, run), None


def refuse_unmet(plan: Plan, selected: tuple[str, ...], state: RunState) -> None:
    """Refuse a selection that waits for a phase which nobody was asked to do.

    Raises:
        RefusedError: A need has not passed and is not selected.
    """
    needs = needs_of(plan.phases)
    for key in selected:
        for need in needs[key]:
            if need not in selected and state.phase(need).stage not in DONE:
                raise RefusedError(
                    f"phase {key} needs {need}, which has not passed and is not "
                    "part of this run",
                    hint=f"weighlock run {plan.path} --until {key}",
                )


def _placed(plan: Plan, where: str | None) -> Plan:
    """Name a plan's files as seen from the repository's root, wherever we stand."""
    if where is None:
        return plan
    below = Path(plan.path).resolve().relative_to(Path(plan.root).resolve())
    return replace(plan, root=where, path=(Path(where) / below).as_posix())


def _tracked(site: Site, base: str, plan: Plan, where: str | None) -> str:
    """Return the plan's root inside the repository if it is committed there.

    A plan that lies outside, or that nobody committed, is read but never written.
    """
    if where is None or not plan.sources:
        return str(Path(plan.root).resolve())
    first = plan.sources[0].path
    path = first if where == "." else f"{where}/{first}"
    known = site.git.show(base, path) is not None
    return where if known else str(Path(plan.root).resolve())


def _go_on(
    before: Opened, plan: Plan, selected: tuple[str, ...], clock: Clock
) -> tuple[Opened, RunResumed | None]:
    run, branch = before.state.run, before.state.branch
    anew = f"to begin anew: git branch -D {branch}"
    if before.state.plan_digest != digest(plan) and around(before.plan(), plan):
        raise RefusedError(
            f"run {run} of this plan began with another version of it",
            hint=f"to see what changed and go on: weighlock resume {run}; {anew}",
        )
    done = all(before.state.phase(k).stage in {"passed", "waived"} for k in selected)
    if done and before.state.stage == "passed":
        raise NothingToDo(f"everything has passed in run {run}", hint=anew)
    return before, resumed(before, selected, clock)


def resumed(opened: Opened, selected: tuple[str, ...], clock: Clock) -> RunResumed:
    """Say that a run goes on, and by which settings of the gate."""
    return RunResumed(
        at=clock.now(),
        selected=selected,
        version=__version__,
        gate=keep_gate(opened.site.settings.gate, opened.store),
    )
