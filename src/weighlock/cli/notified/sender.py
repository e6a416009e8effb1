"""Run the program of ``[notify]``: beside the run, in bounded time, on its own."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from weighlock.cli.notified import message
from weighlock.cli.notified.message import Message
from weighlock.config import Settings
from weighlock.errors import WeighlockError
from weighlock.ports import Clock
from weighlock.process import Finished, run
from weighlock.run.events import AnyEvent
from weighlock.run.state import RunState

_TAIL = 200


@dataclass(slots=True, kw_only=True)
class Sender:
    """Tells whom the configuration names; nobody waits for it but the end of a run.

    Leaving the block waits for what is under way: no longer than one may take.
    """

    settings: Settings
    clock: Clock
    say: Callable[[str], None]
    """Is told when the program does not do."""
    run: str = ""
    """Id of the run that is driven; empty: none is."""
    plan: str = ""
    _going: set["asyncio.Task[None]"] = field(default_factory=set)

    def saw(self, event: AnyEvent, state: RunState) -> None:
        """Tell of an event of a run, if it is worth it."""
        told = message.of_event(event, state)
        if told is not None:
            self._send(told)

    def login(self, bucket: str) -> None:
        """Tell that a person has to log in to a bucket."""
        self._send(message.of_bucket(bucket))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the last ones; whoever interrupts the run waits for none."""
        if self.run and isinstance(error, WeighlockError | OSError):
            self._send(message.of_error(error, self.run, self.plan))
        elif error is not None:
            for task in self._going:
                task.cancel()
        if self._going:
            await asyncio.wait(self._going)

    def _send(self, told: Message) -> None:
        wanted = self.settings.notify
        if wanted.command and told.what in wanted.on:
            task = asyncio.get_running_loop().create_task(self._run(told))
            self._going.add(task)
            task.add_done_callback(self._going.discard)

    async def _run(self, told: Message) -> None:
        wanted, source = self.settings.notify, self.settings.source
        document = told.document(self.clock.now())
        ended = await run(
            wanted.command,
            cwd=source.parent if source else Path(),
            env={**self._environment(), "WEIGHLOCK_NOTICE": told.text},
            timeout_s=wanted.timeout_s,
            stdin=json.dumps(document, ensure_ascii=False).encode() + b"\n",
        )
        if ended.exit_code != 0:
            self.say(
                f"nobody was told of {told.what}: {wanted.command[0]} {_why(ended)}"
            )

    def _environment(self) -> dict[str, str]:
        """Return the user's own environment, for a desktop is reached by it; no key."""
        secret = {bucket.key_env for bucket in self.settings.buckets}
        secret |= {client.client_secret_env for client in self.settings.oauth.values()}
        return {k: v for k, v in os.environ.items() if k not in secret}


def _why(ended: Finished) -> str:
    if ended.missing:
        return "is not there or may not be run"
    if ended.timed_out:
        return "took too long"
    said = ended.stderr.decode(errors="replace").strip()[-_TAIL:]
    code = (
        "did not start" if ended.exit_code is None else f"ended with {ended.exit_code}"
    )
    return f"{code}: {said}" if said else code
