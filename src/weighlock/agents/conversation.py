"""One ACP conversation with a running agent: start, prompt, call off.

Everything that knows the SDK and its models is here; imported only when an ACP agent
works.
"""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import acp
from acp import schema
from pydantic import ValidationError

from weighlock.agents.child import Expired, Vigil, exited, how_it_ended
from weighlock.agents.outfit import Outfit
from weighlock.agents.transcript import Transcript, title_of
from weighlock.agents.wire import Wire
from weighlock.ports import Outcome
from weighlock.run.events import Ending

START_S = 120.0
"""Seconds an agent may take to answer until its session stands."""

GRACE_S = 5.0
"""Seconds an agent gets to end its turn after ``session/cancel``."""

AUTH_CODES = frozenset((-32000, 401, 403))
_ALLOW: tuple[schema.PermissionOptionKind, ...] = ("allow_once", "allow_always")


class _Client:
    """What the agent may ask of us: permission, and nothing else.

    A method that is not here is answered with "method not found".
    """

    def __init__(self, conversation: "Conversation") -> None:
        self._conversation = conversation

    async def session_update(self, **update: object) -> None:
        """Take no updates here: the wire hands them on in their order."""

    async def request_permission(
        self,
        session_id: str,
        tool_call: schema.ToolCallUpdate,
        options: list[schema.PermissionOption],
        **meta: object,
    ) -> schema.RequestPermissionResponse:
        """Allow what can be allowed: the workspace is the agent's, the gate ours."""
        del session_id, meta
        chosen = self._conversation.permit(tool_call, options)
        if chosen is None:
            return schema.RequestPermissionResponse(
                outcome=schema.DeniedOutcome(outcome="cancelled")
            )
        return schema.RequestPermissionResponse(
            outcome=schema.AllowedOutcome(
                outcome="selected", option_id=chosen.option_id
            )
        )


class Conversation:
    """Hold one conversation; every way it can go is an Outcome."""

    def __init__(
        self,
        proc: Process,
        *,
        wire: Wire,
        transcript: Transcript,
        vigil: Vigil,
        outfit: Outfit,
    ) -> None:
        _hush()
        self._proc, self._wire, self._vigil = proc, wire, vigil
        self._transcript, self._outfit = transcript, outfit
        self._conn = acp.connect_to_agent(cast("acp.Client", _Client(self)), wire)
        self._session: str | None = None
        self._root = Path()
        self._complaint = ""

    async def hold(self, prompt: str, cwd: Path) -> Outcome:
        """Start a session, put the prompt and wait for the turn to end."""
        self._root = cwd
        try:
            async with asyncio.TaskGroup() as group:
                stderr = group.create_task(self._listen())
                talk = group.create_task(self._talk(prompt, cwd))
                dead = group.create_task(exited(self._proc))
                first = asyncio.wait({talk, dead}, return_when="FIRST_COMPLETED")
                over = await self._vigil.over(first)
                if isinstance(over, Expired):
                    await self._call_off(talk)
                    ended = self._outcome(over.ending, over.detail)
                else:
                    await asyncio.wait({talk}, timeout=1.0)
                    turn = talk.result() if talk.done() else None
                    ended = await self._death(dead) if turn is None else turn
                for left in (stderr, talk, dead):
                    left.cancel()
        finally:
            await self._conn.close()
        return ended

    def permit(
        self, call: schema.ToolCallUpdate, options: Sequence[schema.PermissionOption]
    ) -> schema.PermissionOption | None:
        """Return the option to choose: by kind, never by id, name or order."""
        self._vigil.stir()
        by_kind = {option.kind: option for option in reversed(options)}
        chosen = next((by_kind[kind] for kind in _ALLOW if kind in by_kind), None)
        title = title_of(call.model_dump(by_alias=True), self._root)
        answer = chosen.kind if chosen else "cancelled"
        self._transcript.note("permit", f"{title}: {answer}")
        return chosen

    async def _talk(self, prompt: str, cwd: Path) -> Outcome | None:
        """Return how the turn ended; None when the connection went away."""
        try:
            async with asyncio.timeout(START_S):
                session = self._session = await self._start(cwd)
            await self._conn.prompt(session_id=session, prompt=[acp.text_block(prompt)])
        except acp.RequestError as error:
            return self._refused(error)
        except ValidationError as error:
            return self._misspoke(error)
        except TimeoutError:
            return self._outcome("idle", f"no session within {START_S:g} s")
        except OSError:
            return None
        reason = self._wire.stop_reason
        trouble = self._transcript.trouble
        detail = f"{reason}; it reports: {trouble}" if trouble else reason
        return self._outcome("cancelled" if reason == "cancelled" else "ended", detail)

    async def _start(self, cwd: Path) -> str:
        kit = self._outfit.kit
        init = await self._conn.initialize(
            protocol_version=acp.PROTOCOL_VERSION,
            client_capabilities=schema.ClientCapabilities(terminal=False),
            client_info=schema.Implementation(name="weighlock", version="1"),
        )
        agent = init.agent_info
        self._transcript.note("agent", f"{agent.name} {agent.version}" if agent else "")
        offered = {method.id for method in init.auth_methods or []}
        if kit.auth in offered and kit.auth is not None:
            await self._conn.authenticate(method_id=kit.auth)
        new = await self._conn.new_session(cwd=str(cwd), mcp_servers=[], **kit.meta)
        await self._choose_mode(new)
        for name, value in kit.options.items():
            await self._choose(new, name, value)
        for wish in kit.unmet:
            self._transcript.note("note", f"this agent has no setting for {wish}")
        return new.session_id

    async def _choose_mode(self, new: schema.NewSessionResponse) -> None:
        mode = self._outfit.mode
        if mode is None:
            return
        modes = {m.id for m in new.modes.available_modes} if new.modes else set()
        if mode in modes:
            await self._conn.set_session_mode(session_id=new.session_id, mode_id=mode)
        else:
            self._transcript.note("note", f"mode {mode} is not offered: {modes}")

    async def _choose(
        self, new: schema.NewSessionResponse, name: str, value: str
    ) -> None:
        for option in new.config_options or []:
            if name in {option.id, option.category}:
                await self._conn.set_config_option(
                    config_id=option.id, session_id=new.session_id, value=value
                )
                return
        self._transcript.note("note", f"no option {name} is offered")

    async def _call_off(self, talk: asyncio.Task[Outcome | None]) -> None:
        if self._session is not None and not talk.done():
            try:
                async with asyncio.timeout(GRACE_S):
                    await self._conn.cancel(session_id=self._session)
                    await asyncio.wait({talk})
            except (TimeoutError, OSError):
                self._transcript.note("note", "it did not end when told to")

    async def _death(self, dead: asyncio.Task[int]) -> Outcome:
        await asyncio.wait({dead}, timeout=2.0)
        code = dead.result() if dead.done() else None
        how = how_it_ended(code) if dead.done() else "closed its output"
        why = f": {self._complaint}" if self._complaint else ""
        return self._outcome("crashed", how + why)

    async def _listen(self) -> None:
        """Write stderr into the log; its last line may say why the agent died."""
        while self._proc.stderr is not None:
            chunk = await self._proc.stderr.read(65536)
            if not chunk:
                return
            text = chunk.decode(errors="replace").strip()
            if text:
                self._transcript.note("stderr", text)
                self._complaint = text.splitlines()[-1][:300]

    def _refused(self, error: acp.RequestError) -> Outcome:
        data = f" {error.data}" if error.data else ""
        detail = f"error {error.code}: {error}{data}"[:500]
        kind = error.data.get("errorKind") if isinstance(error.data, Mapping) else None
        if error.code in AUTH_CODES or kind == "authentication_failed":
            return self._outcome("unavailable", f"not logged in: {detail}")
        return self._outcome("crashed", detail)

    def _misspoke(self, error: ValidationError) -> Outcome:
        if self._session is not None and self._wire.stop_reason:
            return self._outcome(
                "ended", f"unknown stop reason {self._wire.stop_reason}"
            )
        return self._outcome("crashed", f"broke the protocol: {error.title}")

    def _outcome(self, ending: Ending, detail: str) -> Outcome:
        said = self._transcript.said()
        return Outcome(ending=ending, detail=detail, said=said)


class _NotTheSdk(logging.Filter):
    """Drop what the SDK logs on the root logger: the wire log has it all."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep a record unless it was written in the SDK's own files."""
        return not record.pathname.startswith(_SDK)


_SDK = str(Path(acp.__file__).parent)
_FILTER = _NotTheSdk()


def _hush() -> None:
    """Keep protocol noise and its tracebacks off the person's terminal."""
    root = logging.getLogger()
    if _FILTER not in root.filters:
        root.addFilter(_FILTER)
