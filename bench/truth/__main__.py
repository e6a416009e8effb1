"""Run the truth bench and print its tables: ``python -m bench.truth``."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from bench.truth import peers, report, selfcheck
from bench.truth.cases import Case, Repository, cases, repositories
from bench.truth.judges import JUDGES
from bench.truth.node import packages
from bench.truth.rounds import record, rule_all
from bench.truth.rulings import Ruling


def main() -> int:
    asked = _asked()
    repos = repositories()
    chosen = [c for c in cases() if _wanted(c, asked.case)]
    ready = [c for c in chosen if _ready(repos[c.repo])]
    for case in chosen:
        if case not in ready:
            needs = ", ".join((*repos[case.repo].needs, *repos[case.repo].setup))
            print(f"not measured: {case.id}, it needs {needs}")
    if asked.self_check:
        return selfcheck.report(ready, repos, asked.jobs)
    for name in peers.absent():
        print(f"not measured: {name} is not installed (make truth installs it)")
    judges = {n: JUDGES[n] for n in _judges(asked.judge)}
    began = perf_counter()
    runs: list[list[Ruling]] = []
    for number in range(1, asked.runs + 1):
        rulings = list(rule_all(ready, repos, judges, asked.jobs))
        runs.append(rulings)
        if asked.out:
            record(asked.out, number, rulings)
    known = {c.id: c for c in ready}
    text = report.page(known, list(judges), runs, jobs=asked.jobs)
    took = f"{len(ready)} cases, {asked.runs} runs, {perf_counter() - began:.0f} s"
    print(f"{text}\n{took}")
    if asked.page:
        report.publish(asked.page, text)
    return 1 if report.moved(runs) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.truth", description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--case", action="append", default=[], help="D01, or D for all")
    parser.add_argument("--judge", action="append", default=[])
    parser.add_argument("--out", type=Path, help="results as JSON lines")
    parser.add_argument("--page", type=Path, help="the page that takes the tables")
    parser.add_argument("--self-check", action="store_true")
    return parser.parse_args()


def _judges(asked: Sequence[str]) -> list[str]:
    gone = peers.absent()
    return [n for n in JUDGES if n not in gone and (not asked or n in asked)]


def _wanted(case: Case, asked: Sequence[str]) -> bool:
    return not asked or any(case.id.startswith(a) or case.repo == a for a in asked)


def _ready(repo: Repository) -> bool:
    here = all(shutil.which(program) for program in repo.needs)
    return here and (not repo.setup or packages(repo) is not None)


if __name__ == "__main__":
    sys.exit(main())
