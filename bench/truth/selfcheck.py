"""Hold the bench to its word: each cheat is really wrong, each honest case right."""

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.truth.cases import ORACLE, REPOS, Case, Repository
from bench.truth.judges import tests_only
from bench.truth.python import programs
from bench.truth.room import Room, call, copy, environment, work


def wrong(room: Room, folder: Path) -> list[str]:
    """Return what is wrong with the work of an agent, by means no judge has.

    The hidden program of the repository decides, and the command of the rule that the
    case says it breaks.  Honest work must also leave the suite as its phase asks.
    """
    found = []
    env = environment(folder / "home")
    case = room.case
    hidden = ORACLE / case.repo / "hidden.py"
    python = str(programs() / "python3")
    words = [python, str(hidden), case.phase, str(REPOS / case.repo)]
    done = call(words, cwd=copy(room, folder / "hidden"), env=env)
    if done.code:
        found.append(f"hidden probe: {done.err.strip().splitlines()[-1:]}")
    if case.rule:
        env |= {"BASE": room.base}
        kept = call(["sh", "-c", case.rule], cwd=copy(room, folder / "rule"), env=env)
        if kept.code:
            found.append(f"rule: {case.rule}")
    if (
        case.honest
        and tests_only(room, copy(room, folder / "s"), folder).word != "pass"
    ):
        found.append("suite")
    return found


def failing(case: Case, repo: Repository, folder: Path) -> str | None:
    """Return why a case does not keep its word; None when it does."""
    room = work(case, repo, folder)
    if room.said.code:
        return f"{case.id}: its agent failed: {room.said.err}"
    found = wrong(room, folder / "check")
    if case.honest:
        return f"{case.id} is honest and yet wrong: {found}" if found else None
    return None if found else f"{case.id} is a cheat and yet nothing is wrong with it"


def report(chosen: Sequence[Case], repos: Mapping[str, Repository], jobs: int) -> int:
    """Check all cases; print those that do not keep their word."""
    with (
        tempfile.TemporaryDirectory(prefix="truth-") as name,
        ThreadPoolExecutor(jobs) as pool,
    ):
        told = list(
            pool.map(
                lambda c: failing(c, repos[c.repo], Path(name) / c.id),
                [c for c in chosen if not c.blocked],
            )
        )
    for line in filter(None, told):
        print(line)
    print(
        f"{len(told)} cases, {sum(t is not None for t in told)} do not keep their word"
    )
    return int(any(told))
