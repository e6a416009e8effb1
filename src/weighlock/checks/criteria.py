"""Criteria that are commands, and which criteria a passed check speaks for.

Who writes "``pytest tests/test_wick.py`` passes" as a criterion or a checkpoint means a
check, and it is run like one.  A box is ticked only when the criterion names something
that a check has looked at: a command, a file, a test suite.  What needs judgement stays
unticked, without blame.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from weighlock.checks.reading import paths
from weighlock.plan import shell
from weighlock.plan.expectation import read_expectation
from weighlock.plan.model import Command, Criterion, Phase, Plan
from weighlock.run.evidence import Evidence

_QUOTED = re.compile(r"`([^`]+)`")
_TESTS = re.compile(
    r"\b(?:all|existing|new|unit|the)?\s*(?:tests?|suite)\b[^.;]*\b(?:pass|green|succeed)",
    re.IGNORECASE,
)
_TASKS = {
    "lint": re.compile(r"\b(?:lint|clippy|ruff|eslint)\b", re.IGNORECASE),
    "types": re.compile(
        r"\b(?:typecheck|type-check|tsc|mypy|pyright)\b", re.IGNORECASE
    ),
    "build": re.compile(r"\b(?:builds?|compiles?)\b", re.IGNORECASE),
    "format": re.compile(r"\b(?:format(?:ted|ting)?|fmt|prettier)\b", re.IGNORECASE),
}
_CLEAN = re.compile(
    r"\b(?:pass|clean|succeed|no errors?|without errors?)", re.IGNORECASE
)
_THERE = re.compile(r"\b(?:exist|create|add|updat|present|remov|delet)", re.IGNORECASE)

_COMMAND = re.compile(
    r"(?:(?:and|run(?:ning)?|execut(?:e|ing)|verify|check|ensure|confirm)\b[:\s]*)*"
    r"`([^`]+)`[\s:,–—→-]*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_EVERY = re.compile(r"(?<=\./)\.\.\.(?=\s|\Z)")
"""How Go spells "every package below"; it leaves nothing out."""


def as_commands(plan: Plan) -> Plan:
    """Return the plan with every criterion that is a command among the commands too."""
    return replace(plan, phases=tuple(map(_with_commands, plan.phases)))


def _with_commands(phase: Phase) -> Phase:
    known = {" ".join(c.text.split()) for c in phase.commands}
    asked = [c for c in map(_command, phase.criteria) if c is not None]
    new = {" ".join(c.text.split()): c for c in asked}
    more = [c for text, c in new.items() if text not in known]
    return replace(phase, commands=(*phase.commands, *more)) if more else phase


def _command(criterion: Criterion) -> Command | None:
    """Read a criterion that says what one command line shows, and nothing else."""
    found = _COMMAND.fullmatch(criterion.text.strip())
    if found is None:
        return None
    text, said = found[1].strip(), found[2].strip(" .")
    runs = len(text.split()) > 1 and shell.looks_like_shell([text])
    if not runs or shell.acts(text) or not paths.is_concrete(_EVERY.sub("", text)):
        return None
    expect = read_expectation(said, text)
    if expect.form == "prose":
        return None
    return Command(text=text, expect=expect, source=criterion.source)


def support(phase: Phase, found: Iterable[Evidence]) -> list[Evidence]:
    """Return the findings, each passed one with the criteria it speaks for."""
    return [
        replace(e, criteria=tuple(_spoken_for(phase, e))) if e.verdict == "pass" else e
        for e in found
    ]


def _spoken_for(phase: Phase, evidence: Evidence) -> Iterator[int]:
    for index, criterion in enumerate(phase.criteria):
        if speaks(phase, evidence, criterion):
            yield index


def speaks(phase: Phase, evidence: Evidence, criterion: Criterion) -> bool:
    """Say whether a check looked at what a criterion names."""
    quoted = [" ".join(q.split()) for q in _QUOTED.findall(criterion.text)]
    if evidence.kind == "tests":
        return bool(_TESTS.search(criterion.text))
    if evidence.kind == "effect":
        planned = {f.path for f in phase.files}
        named = [q for q in quoted if q in planned]
        return bool(named) and named == quoted and bool(_THERE.search(criterion.text))
    if evidence.command is None:
        return False
    command = " ".join(evidence.command.split())
    return command in quoted or _same_task(command, criterion.text)


def _same_task(command: str, text: str) -> bool:
    """Say whether a criterion asks for what a lint, type or build command checks."""
    asked = [name for name, words in _TASKS.items() if words.search(text)]
    done = [name for name, words in _TASKS.items() if words.search(command)]
    return bool(asked) and set(asked) <= set(done) and bool(_CLEAN.search(text))
