"""The gateway of a run: there while the run is driven, told of every call."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from weighlock.cli.buckets.told import told
from weighlock.config import Settings
from weighlock.credentials import Notice, open_pool
from weighlock.gateway import EXHAUSTED, OVER, UNMETERED, Budget, Gateway, Record
from weighlock.ports import Clock

_REFUSALS = frozenset({EXHAUSTED, OVER, UNMETERED})


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The one gateway that the agents of a run share."""

    settings: Settings
    run: str
    ledger: Path
    """Keeps what was spent when the process dies."""
    clock: Clock
    say: Callable[[str], None]
    login: Callable[[str], None] = lambda _bucket: None
    """Is told of a bucket that a person has to log in to."""
    state: Path | None = None
    """Where benches and tokens lie, in place of the user's state folder."""
    used: bool = False
    """Whether an agent of the run works through it."""
    gateway: Gateway | None = None
    declined: set[str] = field(default_factory=set)
    """Phases that a person has just given no more for."""
    _refused: dict[str, asyncio.Event] = field(default_factory=dict)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Serve until the block is left.

        Raises:
            SettingsError: No bucket has a credential.
        """
        pool = open_pool(
            self.settings,
            environ=os.environ,
            clock=self.clock,
            folder=self.state,
            tell=self._tell,
        )
        async with Gateway.serve(
            self.settings,
            environ=os.environ,
            clock=self.clock,
            pool=pool,
            ledger=self.ledger,
            observe=self._observe,
        ) as gateway:
            for bucket in gateway.lacking:
                self.say(f"bucket {bucket} has no credential, and is left out")
            self._limit(gateway)
            self.gateway = gateway
            try:
                yield
            finally:
                self.gateway = None

    def limit_phase(self, phase: str) -> None:
        """Let a phase's own budget hold from now on, if each has one."""
        said = self.settings.budget
        each = Budget(
            money=said.phase_money,
            tokens=said.phase_tokens,
            minutes=said.phase_minutes,
        )
        if self.gateway is not None:
            self.gateway.limit(each, run=self.run, phase=phase)

    def refusal(self, grant: str) -> asyncio.Event:
        """Return what is set when a call of a grant was refused by the gateway."""
        return self._refused.setdefault(grant, asyncio.Event())

    def forget(self, grant: str) -> None:
        """Drop what is kept for a grant."""
        self._refused.pop(grant, None)

    def _observe(self, record: Record) -> None:
        event = self._refused.get(record.grant)
        if event is None or not record.generates:
            return
        if record.refused in _REFUSALS:
            event.set()
        else:
            event.clear()

    def _tell(self, notice: Notice) -> None:
        if notice.what != "renewed" and (said := told(notice)):
            self.say(said)
        if notice.what == "reauth-required":
            self.login(notice.bucket)

    def _limit(self, gateway: Gateway) -> None:
        said = self.settings.budget
        whole = Budget(money=said.money, tokens=said.tokens, minutes=said.minutes)
        gateway.limit(whole, run=self.run)
