"""The journal's fake: the same promises, kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from weighlock.run.events import AnyEvent


@dataclass(slots=True)
class ListJournal:
    """The events of one run in a list."""

    events: list[AnyEvent] = field(default_factory=list)

    def append(self, event: AnyEvent) -> None:
        """Keep one event."""
        self.events.append(event)

    def read(self) -> Sequence[AnyEvent]:
        """Return every event, oldest first."""
        return list(self.events)
