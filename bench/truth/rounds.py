"""Let every judge rule on every case."""

import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from bench.truth.cases import Case, Repository
from bench.truth.judges import Judge
from bench.truth.room import copy, work
from bench.truth.rulings import Ruling


def rule(
    case: Case, repo: Repository, judges: Mapping[str, Judge], folder: Path
) -> list[Ruling]:
    """Let an agent work once, and each judge look at its own copy of what it left."""
    room = work(case, repo, folder)
    found = []
    for number, judge in enumerate(judges.values()):
        mine = folder / f"copy{number}"
        found.append(judge(room, copy(room, mine / "repo"), mine / "own"))
        shutil.rmtree(mine, ignore_errors=True)
    return found


def rule_all(
    chosen: Sequence[Case],
    repos: Mapping[str, Repository],
    judges: Mapping[str, Judge],
    jobs: int,
) -> Iterator[Ruling]:
    """Rule on all cases, some at once; the folders they need are thrown away."""
    with (
        tempfile.TemporaryDirectory(prefix="truth-") as name,
        ThreadPoolExecutor(jobs) as pool,
    ):
        waiting = [
            pool.submit(rule, case, repos[case.repo], judges, Path(name) / case.id)
            for case in chosen
        ]
        for done in waiting:
            yield from done.result()


def suites(known: Mapping[str, Case], rulings: Sequence[Ruling]) -> Mapping[str, float]:
    """Return the median seconds of each repository's suite where it stands."""
    times: dict[str, list[float]] = {}
    for ruling in rulings:
        if ruling.judge == "tests-only":
            times.setdefault(known[ruling.case].repo, []).append(ruling.seconds)
    return {repo: statistics.median(found) for repo, found in times.items()}


def record(path: Path, number: int, rulings: Sequence[Ruling]) -> None:
    """Add rulings to a file of JSON lines."""
    with path.open("a") as file:
        for ruling in rulings:
            file.write(json.dumps({"run": number, **asdict(ruling)}) + "\n")
