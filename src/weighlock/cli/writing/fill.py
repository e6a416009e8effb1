"""``new --agent``: let an agent fill a skeleton in; what lint refuses goes back."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.casting import company
from weighlock.cli.context import Globals
from weighlock.cli.site import Site, cache_folder, site
from weighlock.errors import AgentError, WeighlockError
from weighlock.git import Git
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read
from weighlock.plan.write.filled import prompt, shortcomings
from weighlock.ports import Agent, Order, Outcome, Room

_MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Filling:
    """One skeleton, in a clone that the agent may change."""

    site: Site
    agent: Agent
    home: str
    """The plan's folder in the clone, POSIX."""
    files: Mapping[str, bytes]
    folder: Path
    """A folder of ours; the clone, the agent's home and its log lie in it."""

    @property
    def room(self) -> Path:
        """Return the clone."""
        return self.folder / "room"


class _Quiet:
    """ports.Watch for an agent that nobody watches and nobody answers."""

    def spawned(self, pid: int, started: float) -> None:
        """Take no note: the agent ends with this call."""

    def activity(self, what: str) -> None:
        """Take no note."""

    async def ask(self, question: str) -> str:
        """Answer at once."""
        del question
        return "nobody is here to answer: decide yourself"


def fill(
    globals_: Globals, name: str, home: str, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the files as an agent filled them in.

    Args:
        globals_: Which repository and configuration.
        name: The agent.
        home: The plan's folder, relative to the repository.
        files: The skeleton, by paths below that folder.

    Raises:
        AgentError: The agent cannot be started.
        WeighlockError: No attempt was good enough; nothing is taken.
    """
    here = site(globals_)
    agent = company(here.settings, name).agents[name]
    why = agent.available()
    if why is not None:
        raise AgentError(f"{name} cannot be started: {why}", hint="weighlock doctor")
    scratch = cache_folder() / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="new-", dir=scratch))
    filling = Filling(here, agent, home, files, folder)
    try:
        return _attempts(globals_, filling)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attempts(globals_: Globals, filling: Filling) -> dict[str, bytes]:
    found: tuple[str, ...] = ()
    _clone(filling)
    for number in range(1, filling.site.settings.attempts + 1):
        globals_.say(f"{filling.agent.name} fills the plan in, attempt {number}")
        outcome = asyncio.run(_work(filling, number, found))
        if outcome.ending == "unavailable":
            raise AgentError(f"{filling.agent.name}: {outcome.detail}")
        files, found = _judged(filling, outcome)
        if not found:
            globals_.say(f"taken: {_counted(filling, files)}")
            return files
        globals_.say("\n".join(["not taken:", *(f"  {line}" for line in found)]))
    raise WeighlockError(
        "no attempt was good enough, and nothing was written: " + found[0],
        hint="without --agent the skeleton is written, for you to fill in",
    )


def _clone(filling: Filling) -> None:
    """Make the clone with the skeleton in it."""
    filling.room.mkdir()
    git = Git(filling.room)
    git.run("init", "--quiet")
    if filling.site.git.resolve("HEAD") is not None:
        source = str(filling.site.root)
        git.run("fetch", "--quiet", "--no-tags", source, "HEAD")
        git.run("checkout", "--quiet", "--detach", "FETCH_HEAD")
    for path, data in filling.files.items():
        target = filling.room / filling.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


async def _work(filling: Filling, number: int, found: tuple[str, ...]) -> Outcome:
    limits = filling.site.settings.limits
    order = Order(
        phase="new",
        attempt=number,
        session=1,
        prompt=prompt(filling.home, found),
        room=Room(phase="new", attempt=number, path=filling.room, base=""),
        log=filling.folder / f"{number}.log",
        home=filling.folder / f"home-{number}",
        deadline_s=limits.phase_minutes * 60,
        idle_s=limits.idle_minutes * 60,
    )
    return await filling.agent.work(order, _Quiet())


def _judged(
    filling: Filling, outcome: Outcome
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files as they are now, and why they cannot be taken."""
    try:
        files = _collected(filling)
        old, new = _plan(filling, filling.files), _plan(filling, files)
    except (OSError, WeighlockError) as error:
        return {}, (str(error),)
    changed = {
        path: files.get(path) != filling.files.get(path)
        for path in (*filling.files, *files)
    }
    found = shortcomings(old, new, changed)
    if outcome.ending != "ended":
        found = (f"the session {outcome.ending}: {outcome.detail}", *found)
    return files, found


def _collected(filling: Filling) -> dict[str, bytes]:
    """Read the plan's files back; a link leads out of the clone and is refused."""
    home = filling.room / filling.home
    files: dict[str, bytes] = {}
    left = _MOST_BYTES
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if path.is_symlink():
            raise WeighlockError(f"{name} is a link")
        if path.is_dir():
            continue
        if not path.is_file() or path.stat().st_size > left:
            raise WeighlockError(f"{name} is no text of a plan")
        files[name] = path.read_bytes()
        left -= len(files[name])
    return files


def _plan(filling: Filling, files: Mapping[str, bytes]) -> Plan:
    sources = [Source(path=p, data=d) for p, d in sorted(files.items())]
    if not sources:
        raise WeighlockError(f"{filling.home} is empty")
    return read(sources, path=filling.home, root=filling.home)


def _counted(filling: Filling, files: Mapping[str, bytes]) -> str:
    number = sum(files[p] != filling.files.get(p) for p in files)
    return f"{number} of {len(files)} files were filled in; lint finds nothing"
