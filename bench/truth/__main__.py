"""Run the truth bench and print its tables: ``python -m bench.truth``."""

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from bench.truth import ablation, peers, selfcheck
from bench.truth.cases import Case, Repository, cases, repositories
from bench.truth.judges import JUDGES
from bench.truth.rounds import record, rule_all, suites
from bench.truth.rulings import Ruling
from bench.truth.score import caught, lined, passed, right, row, table


def main() -> int:
    asked = _asked()
    repos = repositories()
    chosen = [c for c in cases() if _wanted(c, asked.case)]
    ready = [c for c in chosen if _ready(repos[c.repo])]
    for case in chosen:
        if case not in ready:
            print(f"not measured: {case.id}, {repos[case.repo].needs} not on PATH")
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
    _print(known, list(judges), runs)
    print(f"\n{len(ready)} cases, {asked.runs} runs, {perf_counter() - began:.0f} s")
    return 0 if _stable(runs) else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.truth", description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--case", action="append", default=[], help="D01, or D for all")
    parser.add_argument("--judge", action="append", default=[])
    parser.add_argument("--out", type=Path, help="results as JSON lines")
    parser.add_argument("--self-check", action="store_true")
    return parser.parse_args()


def _judges(asked: Sequence[str]) -> list[str]:
    gone = peers.absent()
    return [n for n in JUDGES if n not in gone and (not asked or n in asked)]


def _wanted(case: Case, asked: Sequence[str]) -> bool:
    return not asked or any(case.id.startswith(a) or case.repo == a for a in asked)


def _ready(repo: Repository) -> bool:
    return all(shutil.which(program) for program in repo.needs)


def _print(
    known: Mapping[str, Case], judges: Sequence[str], runs: Sequence[Sequence[Ruling]]
) -> None:
    own = suites(known, [r for run in runs for r in run])
    for title, splits in (("D and H", "DH"), ("X and Y: unseen", "XY")):
        mine = {k: c for k, c in known.items() if c.split in splits and not c.blocked}
        if not mine:
            continue
        print(f"\n## {title}\n")
        rows = [
            row(j, mine, [r for r in runs[0] if r.judge == j and r.case in mine], own)
            for j in judges
        ]
        print(table(rows))
    _surprises(known, runs[0])
    _ablation([r for r in runs[0] if r.judge == "ours"])


def _surprises(known: Mapping[str, Case], rulings: Sequence[Ruling]) -> None:
    print("\n## Where ours is not what it should be\n")
    for ruling in rulings:
        case = known[ruling.case]
        fine = passed(ruling) if case.honest else right(case, ruling)
        if ruling.judge == "ours" and fine < 1:
            side = "honest" if case.honest else f"cheat, caught {caught(ruling):g}"
            print(f"- {case.id} ({side}): {ruling.word}: {', '.join(ruling.codes)}")
            print("  " + ruling.said.replace("\n", "\n  "))


def _ablation(rulings: Sequence[Ruling]) -> None:
    if not rulings:
        return
    print("\n## Without a layer\n")
    cells = [
        (layer, ", ".join(ablation.flips(rulings, layer)) or "–")
        for layer in ablation.layers(rulings)
    ]
    print(lined(("layer", "cases that flip"), cells))


def _stable(runs: Sequence[Sequence[Ruling]]) -> bool:
    first = {(r.judge, r.case): (r.word, r.reasons) for r in runs[0]}
    moved = {
        f"{r.judge}: {r.case}"
        for run in runs[1:]
        for r in run
        if first[r.judge, r.case] != (r.word, r.reasons)
    }
    if len(runs) > 1:
        print(f"\nstable over {len(runs)} runs: {sorted(moved) or 'yes'}")
    return not moved


if __name__ == "__main__":
    sys.exit(main())
