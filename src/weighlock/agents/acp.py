"""Any agent that speaks ACP over stdio, driven by its profile."""

from dataclasses import dataclass, field

from weighlock.agents.child import Vigil, child
from weighlock.agents.confinement import Confinement
from weighlock.agents.log import Log
from weighlock.agents.outfit import Outfit, dress, lacking
from weighlock.agents.transcript import Transcript
from weighlock.agents.wire import Wire, WireLog
from weighlock.config import AgentSettings
from weighlock.ports import Order, Outcome, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class AcpAgent:
    """Start the agent's program for one conversation and end all it started."""

    settings: AgentSettings
    walls: Confinement = field(default_factory=Confinement)

    @property
    def name(self) -> str:
        """Return the name the configuration gives it."""
        return self.settings.name

    def available(self) -> str | None:
        """Return why the agent cannot be started and what to install, or None."""
        return lacking(self.settings)

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Hold one conversation in a process of its own."""
        missing = lacking(self.settings)
        if missing is not None:
            return Outcome(ending="unavailable", detail=missing)
        try:
            outfit = dress(self.settings, order)
            with Log(order.log, hide=outfit.veil.over) as log:
                log.line("start", f"{self.name}: {' '.join(outfit.argv)}")
                outcome = await _converse(outfit, self.walls, order, watch, log)
                log.line("end", f"{outcome.ending}: {outcome.detail}")
        except (OSError, ValueError) as error:
            return Outcome(ending="unavailable", detail=str(error))
        return outcome


async def _converse(
    outfit: Outfit, walls: Confinement, order: Order, watch: Watch, log: Log
) -> Outcome:
    from weighlock.agents.conversation import Conversation

    vigil = Vigil(deadline_s=order.deadline_s, idle_s=order.idle_s)
    transcript = Transcript(log, watch, stir=vigil.stir, root=order.room.path)
    wire_log = WireLog(order.log.with_suffix(".wire.jsonl"), outfit.veil)
    try:
        async with child(
            outfit.argv,
            order=order,
            watch=watch,
            env=outfit.env,
            walls=walls,
            logins=outfit.logins,
        ) as proc:
            watch.activity(f"started {outfit.argv[0]}")
            wire = Wire(
                proc,
                log=wire_log,
                update=transcript.take,
                noise=lambda line: transcript.note("noise", line),
            )
            conversation = Conversation(
                proc, wire=wire, transcript=transcript, vigil=vigil, outfit=outfit
            )
            return await conversation.hold(order.prompt, order.room.path)
    finally:
        wire_log.close()
