"""``weighlock demo``: a lying agent is caught; no key, no agent, no network."""

import shutil
import sys
import tempfile
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb

DEMO = Path(__file__).resolve().parent.parent / "demo"
PLAN = "plans/slug"


@verb()
@click.option("--keep", type=click.Path(path_type=Path), help="Make it here.")
@click.option(
    "--progress", type=click.Choice(["auto", "live", "plain"]), default="auto"
)
def demo(globals_: Globals, *, keep: Path | None, progress: str) -> int:
    """Run a built-in plan in a temporary repository with an agent that lies once."""
    from weighlock.agents.script import read
    from weighlock.agents.scripted import of
    from weighlock.cli.clock import SystemClock
    from weighlock.cli.driving.drive import Drive, drive
    from weighlock.cli.driving.start import Selection, begin, runnable, select
    from weighlock.cli.driving.wiring import Crew
    from weighlock.cli.report import write_report
    from weighlock.cli.site import site

    folder = _repository(keep)
    globals_.say(f"a repository with a six-phase plan: {folder}")
    globals_.say("the scripted agent will claim phase 03 done without doing it\n")
    here = site(Globals(repo=folder))
    plan = runnable(folder / PLAN)
    opened, _ = begin(here, plan, select(plan, Selection()), SystemClock())
    crew = Crew(agent="scripted", jobs=1, play=of(read(DEMO / "script.toml")))
    how = Drive(crew=crew, mode=progress)  # type: ignore[arg-type]
    code = drive(opened, opened.plan(), how, globals_)
    page = write_report(here, opened.state.run, folder / "report.html")
    globals_.say(f"\nreport:  {page}")
    globals_.say(f"branch:  git -C {folder} log {opened.state.branch}")
    globals_.say("next:    weighlock run YOUR-PLAN.md --dry-run")
    return code


def _repository(keep: Path | None) -> Path:
    """Make the demo's repository: one commit with the project and its plan."""
    from weighlock.errors import RefusedError
    from weighlock.git import Git

    if keep is not None and keep.exists():
        raise RefusedError(f"{keep} exists", hint="give a folder that does not")
    folder = keep or Path(tempfile.mkdtemp(prefix="weighlock-demo-")) / "textkit"
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(DEMO / "project", folder, ignore=skip)
    git = Git(folder)
    git.run("init", "--quiet", "--initial-branch=main")
    git.run("add", "--all")
    git.run("commit", "--quiet", "--message", "Begin")
    sys.stderr.flush()
    return folder.resolve()
