"""Do from Python what the command line does: weigh a phase, run a plan."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from weighlock import __version__, credentials
from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.cli.driving.drive import Drive, drive
from weighlock.cli.driving.preflight import refuse_dirty
from weighlock.cli.driving.start import Selection, begin, runnable, select
from weighlock.cli.driving.wiring import Crew
from weighlock.cli.opened import Opened, open_run
from weighlock.cli.site import site
from weighlock.cli.verify import Asked, weigh
from weighlock.config import Settings, find
from weighlock.credentials import BucketPool
from weighlock.plan.model import Plan
from weighlock.run.events import RunResumed
from weighlock.run.evidence import Verdict
from weighlock.run.state import RunState


def verify(
    plan: Plan | Path | str,
    phase: str,
    *,
    repo: Path | str = ".",
    base: str | None = None,
    head: str | None = None,
    worktree: bool = False,
) -> Verdict:
    """Weigh one phase; no agent is needed and nothing is changed.

    Args:
        plan: Where the plan lies; of a Plan, its path counts. It is read as it was at
            the base when it lies in the repository.
        phase: Its key in any spelling: ``5``, ``05``, ``P05``.
        repo: A folder in the repository.
        base: Revision to compare with; default: where the branch left the main one.
        head: Revision to weigh; default: HEAD.
        worktree: Weigh the files as they are now instead.

    Raises:
        WeighlockError: What is asked for is not there or cannot be read.
    """
    path = Path(plan.path if isinstance(plan, Plan) else plan)
    asked = Asked(base=base, head=head, worktree=worktree)
    return weigh(site(Globals(repo=Path(repo))), path, phase, asked)


def settings(*, repo: Path | str = ".", config: Path | str | None = None) -> Settings:
    """Read the configuration of a folder.

    Args:
        repo: The folder with ``weighlock.toml``, or ``pyproject.toml``.
        config: A file in place of that.

    Raises:
        SettingsError: It cannot be read, or is wrong.
    """
    return find(Path(repo), None if config is None else Path(config))


def open_pool(
    *,
    repo: Path | str = ".",
    config: Path | str | None = None,
    environ: Mapping[str, str] = os.environ,
    state: Path | str | None = None,
    show: Callable[[str, str], None] | None = None,
) -> BucketPool:
    """Open the buckets that a configuration names; nobody is asked anything yet.

    Args:
        repo: The folder with ``weighlock.toml``, or ``pyproject.toml``.
        config: A file in place of that.
        environ: Where ``key_env`` is looked up.
        state: Folder of benches and tokens; default: the user's, which all share.
        show: Asks a person to log in at an address, with a code or "", when nothing
            else is left; without it, nobody is asked.

    Raises:
        SettingsError: The configuration cannot be read, or is wrong.
    """
    return credentials.open_pool(
        settings(repo=repo, config=config),
        environ=environ,
        clock=SystemClock(),
        folder=None if state is None else Path(state),
        show=show,
    )


@dataclass(slots=True)
class Run:
    """A run of a plan: begun or found, and driven when ``execute`` is called."""

    _opened: Opened
    _crew: Crew
    _first: RunResumed | None = None

    @classmethod
    def start(
        cls,
        plan: Path | str,
        *,
        repo: Path | str = ".",
        only: tuple[str, ...] = (),
        until: str | None = None,
        agent: str | None = None,
        jobs: int | None = None,
    ) -> "Run":
        """Begin a run, or take up the unfinished one of the same plan.

        Raises:
            PlanError: The plan cannot be read or executed.
            RefusedError: The work tree is dirty, or a need is not part of the run.
            NothingToDo: The plan has passed already.
        """
        here = site(Globals(repo=Path(repo)))
        read = runnable(Path(plan))
        selected = select(read, Selection(only=only, until=until))
        refuse_dirty(here)
        opened, first = begin(here, read, selected, SystemClock())
        return cls(opened, Crew(agent=agent, jobs=jobs), first)

    @classmethod
    def resume(
        cls,
        run: str | None = None,
        *,
        repo: Path | str = ".",
        agent: str | None = None,
        jobs: int | None = None,
    ) -> "Run":
        """Take up a run by its id, or the newest one.

        Raises:
            NothingToDo: There is no run.
        """
        opened = open_run(site(Globals(repo=Path(repo))), run)
        first = RunResumed(
            at=SystemClock().now(),
            selected=opened.state.selected,
            version=__version__,
        )
        return cls(opened, Crew(agent=agent, jobs=jobs), first)

    @property
    def id(self) -> str:
        """Return the run's id."""
        return self._opened.state.run

    @property
    def state(self) -> RunState:
        """Return where the run stands, by its journal as it is now."""
        return open_run(self._opened.site, self.id).state

    def execute(self) -> RunState:
        """Drive the run in this process until it ends; return its state.

        Failures are told on stderr. Not for use inside a running event loop.

        Raises:
            RefusedError: Another process drives it, or no gate could decide anything.
            AgentError: An agent that it needs cannot be started.
        """
        how = Drive(crew=self._crew, mode="quiet")
        plan = self._opened.plan()
        drive(self._opened, plan, how, Globals(quiet=True), self._first)
        self._first = None
        return self.state
