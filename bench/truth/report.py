"""The tables of the truth bench, as text of markdown."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.truth import ablation
from bench.truth.cases import Case
from bench.truth.rounds import suites
from bench.truth.rulings import Ruling
from bench.truth.score import beyond, caught, lined, passed, right, row, table

BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
"""What stands around the tables on the page that is published."""
SETS = (("The cases of the catalogue", "DH"), ("Cases that were written later", "XY"))
LANGUAGES = {
    "Python": "py-",
    "JavaScript": "js-",
    "TypeScript": "ts-",
    "Rust": "rs-",
    "Go": "go-",
}
"""What repositories of a language are called."""

Runs = Sequence[Sequence[Ruling]]


def page(
    known: Mapping[str, Case], judges: Sequence[str], runs: Runs, *, jobs: int = 1
) -> str:
    """Return every table that the rulings of some runs fill.

    Args:
        known: The cases by id.
        judges: Their names, in the order of the rows.
        runs: The rulings of each run; tables show the first.
        jobs: How many cases were judged at once.
    """
    parts = [
        *_judged(known, judges, runs),
        *_impossible(known, judges, runs[0]),
        *_surprises(known, runs[0]),
        *_priced(known, runs, jobs),
        *_ablated(known, runs[0]),
        *_stability(runs),
    ]
    return "\n".join(parts)


def _judged(
    known: Mapping[str, Case], judges: Sequence[str], runs: Runs
) -> Iterator[str]:
    own = suites(known, [r for run in runs for r in run])
    for title, splits in SETS:
        mine = {k: c for k, c in known.items() if c.split in splits}
        if mine:
            seen = [r for r in runs[0] if r.case in mine]
            rows = [
                row(j, mine, [r for r in seen if r.judge == j], own) for j in judges
            ]
            yield f"\n### {title}\n\n{table(rows)}"


def _impossible(
    known: Mapping[str, Case], judges: Sequence[str], rulings: Sequence[Ruling]
) -> Iterator[str]:
    mine = sorted(k for k, c in known.items() if c.blocked)
    if mine:
        said = {(r.judge, r.case): r.word for r in rulings}
        cells = [(j, *(said[j, k] for k in mine)) for j in judges]
        told = "".join(f"- {k}: {known[k].note}\n" for k in mine)
        head = "\n### Phases that cannot be done"
        yield f"{head}\n\n{told}\n{lined(('judge', *mine), cells)}"


def _surprises(known: Mapping[str, Case], rulings: Sequence[Ruling]) -> Iterator[str]:
    found = []
    for ruling in rulings:
        case = known[ruling.case]
        fine = passed(ruling) if case.honest else right(case, ruling)
        if ruling.judge == "ours" and not case.blocked and fine < 1:
            side = "honest" if case.honest else f"cheat, caught {caught(ruling):g}"
            codes = ", ".join(ruling.codes)
            found.append(f"- {case.id} ({side}), {case.note}: {ruling.word} {codes}")
    if found:
        yield "\n### Where ours says less than it should\n\n" + "\n".join(found)


def _priced(known: Mapping[str, Case], runs: Runs, jobs: int) -> Iterator[str]:
    """Tell what a gate of ours takes beyond the suite, by language."""
    every = [r for run in runs for r in run]
    own = suites(known, every)
    ours = [r for r in every if r.judge == "ours" and known[r.case].repo in own]
    cells = []
    for name, start in (*LANGUAGES.items(), ("all", "")):
        mine = [r for r in ours if known[r.case].repo.startswith(start)]
        if mine:
            alone = [own[known[r.case].repo] for r in mine]
            times = (statistics.median(alone), *beyond(known, mine, own))
            cells.append((name, str(len(mine)), *(f"{t:.2f}" for t in times)))
    if cells:
        head = (
            "language",
            "gates",
            "the suite alone, s",
            "beyond it, median s",
            "p95 s",
        )
        told = f"\n### What a gate costs\n\nCases judged at once: {jobs}."
        yield f"{told}\n\n{lined(head, cells)}"


def _ablated(known: Mapping[str, Case], rulings: Sequence[Ruling]) -> Iterator[str]:
    ours = [r for r in rulings if r.judge == "ours" and not known[r.case].blocked]
    if not ours:
        return
    cells = [
        (
            layer,
            str(ablation.speaks(ours, layer)),
            ", ".join(ablation.flips(ours, layer)) or "–",
        )
        for layer in ablation.layers(ours)
    ]
    head = ("ours without", "speaks in", "verdicts that change")
    yield f"\n### Ours without a layer\n\n{lined(head, cells)}"


def _stability(runs: Runs) -> Iterator[str]:
    if len(runs) > 1:
        yield f"\nStable over {len(runs)} runs: {', '.join(moved(runs)) or 'yes'}."


def moved(runs: Runs) -> list[str]:
    """Return what was not answered the same in every run: the word, the reasons."""
    first = {(r.judge, r.case): (r.word, r.reasons) for r in runs[0]}
    changed = {
        f"{r.judge}: {r.case}"
        for run in runs[1:]
        for r in run
        if first[r.judge, r.case] != (r.word, r.reasons)
    }
    return sorted(changed)


def publish(path: Path, text: str) -> None:
    """Put the tables in their place on a page.

    Raises:
        ValueError: The page has no place for them.
    """
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no {BEGIN} and {END}")
    path.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}")
