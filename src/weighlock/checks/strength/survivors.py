"""Judge mutants: one killed in each changed function, and a floor for all of them.

Some mutants mean the same as the program; no test can kill them, and nobody can count
them.  So a survivor is a note.  A share is too low only where chance cannot explain it,
and a share that a plan asks for, of whatever tool, is read with room for such mutants.
"""

from collections.abc import Iterable, Iterator
from math import sqrt

from weighlock.checks.finding import Found, Weight, found
from weighlock.checks.strength.asked import Asked
from weighlock.checks.strength.changed import Function
from weighlock.checks.strength.mutation import Trial, Trials
from weighlock.checks.strength.stryker import Score

ROOM = 0.15
"""Share of mutants that may mean the same, where a plan's number is read."""
SHOWN = 10
_ENOUGH = 2


def judge(trials: Trials, functions: Iterable[Function], asked: Asked) -> list[Found]:
    """Say what survived, and whether that is too much."""
    told = [t for t in trials.done if t.end != "unviable"]
    lost = [t for t in told if t.end == "survived"]
    seen = [f for function in functions for f in _function(function, told, trials)]
    if told and 100.0 * _at_best(len(told) - len(lost), len(told)) < _floor(asked):
        seen.append(_low(trials, asked))
    if trials.done and not told:
        message = "not one fault could be built into the changed functions"
        seen.append(found("error", "vacuous-check", message))
    return [*seen, *_listed(lost)]


def counted(told: Score | str | None, asked: Asked) -> Iterator[Found]:
    """Judge what Stryker counted; where it failed, our own faults are counted."""
    if isinstance(told, str):
        message = f"Stryker is there, and {told}; faults of ours were counted instead"
        yield found("note", "tool-missing", message)
    if not isinstance(told, Score):
        return
    floor = asked.mutation or 0.0
    if told.all and 100.0 * _at_best(told.noticed, told.all) < floor:
        percent = 100.0 * told.noticed / told.all
        message = (
            f"by Stryker's count {percent:.0f} % of {told.all} faults were noticed"
        )
        yield found("fail", "mutants-survive", f"{message}; {floor:g} % is asked for")
    for path, line, what in told.survivors[:SHOWN]:
        message = f"Stryker's {what} was not noticed"
        yield found("note", "mutants-survive", message, path=path, line=line)


def share(trials: Trials) -> float:
    """Return how many of the mutants that could live were killed, in percent."""
    told = [t for t in trials.done if t.end != "unviable"]
    killed = sum(t.end == "killed" for t in told)
    return 100.0 * killed / len(told) if told else 100.0


def _at_best(hits: int, tries: int) -> float:
    """Return the upper end of Wilson's interval for a share, 95 %."""
    z = 1.96
    middle = hits / tries + z * z / (2 * tries)
    spread = z * sqrt(hits * (tries - hits) / tries**3 + (z / (2 * tries)) ** 2)
    return (middle + spread) / (1 + z * z / tries)


def _floor(asked: Asked) -> float:
    floor = asked.mutation or 0.0
    return floor if asked.given else floor * (1 - ROOM)


def _function(
    function: Function, told: Iterable[Trial], trials: Trials
) -> Iterator[Found]:
    mine = [t for t in told if t.function == function]
    if any(_noticed(t, mine) for t in mine):
        return
    if not mine:
        yield _untried(function) if function in trials.left else _unharmed(function)
        return
    sure = len(mine) >= _ENOUGH or any(t.mutant.hollow for t in mine)
    weight: Weight = "fail" if sure else "review"
    lost = [t for t in mine if t.end == "survived"]
    what = lost[0].mutant.what
    yield found(
        weight,
        "mutants-survive",
        f"no test notices what {function.name} does: {what}, and all stayed green "
        f"({len(lost)} of {len(mine)} faults went unnoticed)",
        path=function.path,
        line=function.line,
    )


def _noticed(trial: Trial, mine: Iterable[Trial]) -> bool:
    """Say whether a killed mutant shows that a test looks at what a function does.

    Where the whole body can be gone unnoticed, a hang, or a fault that only made the
    language itself complain, shows no more than that the function was called.
    """
    unseen = any(t.mutant.hollow and t.end == "survived" for t in mine)
    return trial.end == "killed" and not (unseen and trial.crashed)


def _untried(function: Function) -> Found:
    return found(
        "error",
        "timed-out",
        f"there was no time to try {function.name}; raise gate.mutation_s",
        path=function.path,
        line=function.line,
    )


def _unharmed(function: Function) -> Found:
    return found(
        "note",
        "vacuous-check",
        f"no fault could be built into {function.name}; what tests notice of it is not "
        "known",
        path=function.path,
        line=function.line,
    )


def _low(trials: Trials, asked: Asked) -> Found:
    whose = "configuration" if asked.given else "plan"
    message = (
        f"{share(trials):.0f} % of the faults were noticed; the {whose} asks for "
        f"{asked.mutation:g} %"
    )
    return found("fail", "mutants-survive", message)


def _listed(lost: list[Trial]) -> Iterator[Found]:
    for trial in lost[:SHOWN]:
        yield found(
            "note",
            "mutants-survive",
            f"in {trial.function.name}, {trial.mutant.what}, and no test noticed",
            path=trial.function.path,
            line=trial.mutant.line,
        )
    if len(lost) > SHOWN:
        yield found("note", "mutants-survive", f"and {len(lost) - SHOWN} more")
