"""The table ``notify``: a program that is told when a run needs a person, or ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from weighlock.config.casts import fill, one_of

Moment = Literal["blocked", "question", "login", "parked", "ended"]
"""What happens: a phase needs a person, one asks, a bucket wants a login, a phase waits
for a bucket, the run is over."""

MOMENTS: tuple[Moment, ...] = get_args(Moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """Whom to tell. It runs in the folder of the configuration, as the user."""

    command: tuple[str, ...] = ()
    """Program and arguments; what happened comes on its stdin as JSON."""
    on: tuple[str, ...] = ("blocked", "question", "login", "ended")
    """When: blocked, question, login, parked, ended."""
    timeout_s: float = 10.0
    """How long it may take; then it is ended."""


def notify(table: Mapping[str, Any], where: str) -> NotifySettings:
    """Read the table.

    Raises:
        SettingsError: An unknown key, a wrong type, or a moment nobody knows.
    """
    found = fill(NotifySettings, table, "notify", where)
    for moment in found.on:
        one_of(moment, MOMENTS, "notify.on", where)
    return found
