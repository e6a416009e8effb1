"""Real time: the one adapter of ports.Clock that looks at the system's clock."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The time that people live by."""

    def now(self) -> float:
        """Return seconds since the epoch, UTC."""
        return time.time()  # noqa: TID251 - this is the Clock

    async def sleep(self, seconds: float) -> None:
        """Wait; asyncio is imported only where somebody does."""
        import asyncio

        await asyncio.sleep(seconds)
