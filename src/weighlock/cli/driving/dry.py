"""``run --dry-run``: what would happen, with nothing started and nothing written."""

from dataclasses import dataclass

import click

from weighlock.cli.casting import company
from weighlock.cli.context import Globals
from weighlock.cli.driving.wiring import Crew, crewed
from weighlock.cli.site import Site
from weighlock.errors import AgentError
from weighlock.plan.model import Plan
from weighlock.plan.order import needs_of, topological
from weighlock.run.forecast import forecast
from weighlock.run.policy import agentless
from weighlock.run.prompt import CHARS_PER_TOKEN, Briefing, compose
from weighlock.run.state import RunState
from weighlock.views.live import ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One phase as it would be done."""

    key: str
    title: str
    kind: str
    agent: str
    needs: tuple[str, ...]
    prompt_tokens: int
    commands: tuple[str, ...]


def foresee(
    here: Site, plan: Plan, selected: tuple[str, ...], crew: Crew, globals_: Globals
) -> int:
    """Print the order, who does what, and which commands will be run."""
    settings = crewed(here.settings, crew)
    names: dict[str, str] = {}
    try:
        names = company(settings, crew.agent).names(plan)
    except AgentError as error:
        globals_.say(str(error))
    budget = settings.limits.prompt_tokens
    steps = [
        _step(plan, key, names, budget)
        for key in topological(needs_of(plan.phases))
        if key in selected
    ]
    state = RunState(selected=selected, order=selected)
    length = ends(forecast(plan, state, 0.0, settings.jobs)) or "no basis yet"
    if globals_.json:
        document = {"schema": "weighlock/dry-run/1", "jobs": settings.jobs}
        globals_.data({**document, "forecast": length, "phases": _plain(steps)})
        return 0
    for step in steps:
        after = f" after {', '.join(step.needs)}" if step.needs else ""
        click.echo(
            f"{step.key:<5} {step.kind:<13} {step.agent:<10} {step.title}{after}"
        )
        for command in step.commands:
            click.echo(f"      runs {command}")
    click.echo(f"{len(steps)} phases, {settings.jobs} at once; {length}")
    return 0


def _step(plan: Plan, key: str, names: dict[str, str], budget: int) -> Step:
    phase = next(p for p in plan.phases if p.key == key)
    prompt = compose(plan, phase, Briefing(owner=phase.owner), budget)
    ourselves = agentless(phase)
    return Step(
        key=key,
        title=phase.title,
        kind=phase.kind,
        agent="weighlock" if ourselves else names.get(key, "?"),
        needs=phase.needs,
        prompt_tokens=0 if ourselves else len(prompt) // CHARS_PER_TOKEN,
        commands=tuple(c.text.split("\n")[0] for c in phase.commands),
    )


def _plain(steps: list[Step]) -> list[dict[str, object]]:
    return [
        {
            "key": s.key,
            "title": s.title,
            "kind": s.kind,
            "agent": s.agent,
            "needs": list(s.needs),
            "prompt_tokens": s.prompt_tokens,
            "commands": list(s.commands),
        }
        for s in steps
    ]
