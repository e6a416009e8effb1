"""Run a plan's commands before any work is done: what passes already proves nothing."""

from weighlock.checks.commands import expect
from weighlock.checks.commands.commands import start
from weighlock.checks.place.launch import Place
from weighlock.plan.lint.ground import Trial
from weighlock.plan.model import Command, Expectation, Plan

_ANSWERS: dict[expect.Answer, bool] = {"met": True, "unmet": False}


async def rehearse(
    plan: Plan, place: Place, *, limit_s: float = 60.0
) -> tuple[Trial, ...]:
    """Run every command of a plan once, in its order, in a throw-away checkout.

    For ``lint --run``, and only when a person asks for it: the commands are those of
    the plan, and run with the rights of the gate.  One that phases share runs once.

    Args:
        plan: The plan.
        place: A checkout of the commit that the work starts from.
        limit_s: Seconds for each command; one that takes longer is not judged.
    """
    passed: dict[tuple[str, Expectation], bool | None] = {}
    trials: list[Trial] = []
    for phase in plan.phases:
        for command in phase.commands:
            asked = command.text, command.expect
            if asked not in passed:
                passed[asked] = await _passed(command, place, limit_s)
            met = passed[asked]
            trials.append(Trial(phase=phase.key, command=command.text, passed=met))
    return tuple(trials)


async def _passed(command: Command, place: Place, limit_s: float) -> bool | None:
    """Say whether a command meets its expectation; None when nobody can tell."""
    done = await start(command.text, place, limit_s)
    if done.timed_out or done.missing:
        return None
    return _ANSWERS.get(expect.read(command, done).answer)
