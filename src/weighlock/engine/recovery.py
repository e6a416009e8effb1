"""Close what was open when a process died, before anything new starts."""

from weighlock.engine.world import World
from weighlock.errors import TamperedError
from weighlock.ports import Landed
from weighlock.run import events as ev
from weighlock.run.state import RunState


async def recover(world: World, state: RunState) -> list[ev.AnyEvent]:
    """Return the events that make a cut run whole again.

    Agents that are still alive are ended, by pid and start time. Work that was
    landed but not yet journaled is adopted, if the journal holds the verdict that
    let it land. Every other open attempt is abandoned and counts for nothing.

    Raises:
        TamperedError: The branch holds a commit that no verdict stands for.
    """
    adopted = [
        _adopt(world, state, one) for one in await world.workspace.since(state.tip)
    ]
    landed = {event.phase for event in adopted}
    out: list[ev.AnyEvent] = list(adopted)
    for key, phase in state.phases.items():
        last = phase.last
        if last is None or (key not in state.open and not last.pid):
            continue
        if last.pid:
            world.end_process(last.pid, last.pid_started)
        if key in landed or (last.judged and last.judged.verdict == "pass"):
            continue
        if key in state.open:
            out.append(
                ev.AttemptAbandoned(
                    at=world.clock.now(),
                    phase=key,
                    attempt=last.number,
                    why="weighlock ended while it was under way",
                )
            )
    return out


def _adopt(world: World, state: RunState, landed: Landed) -> ev.PhasePassed:
    last = state.phase(landed.phase).last
    judged = last.judged if last else None
    known = judged is not None and judged.evidence == landed.evidence
    if landed.run != state.run or not known or last is None:
        raise TamperedError(
            f"commit {landed.commit[:12]} on {state.branch} stands for no verdict "
            f"of run {state.run}",
            hint=f"look: git log {state.branch}; or go back: weighlock restore",
        )
    return ev.PhasePassed(
        at=world.clock.now(),
        phase=landed.phase,
        attempt=last.number,
        commit=landed.commit,
        tree=landed.tree,
        evidence=landed.evidence,
        approved_by=state.phase(landed.phase).by,
    )
