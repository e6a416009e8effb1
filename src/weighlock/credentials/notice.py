"""What the pool tells whoever listens: one event a line, without any secret."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from weighlock.credentials.policy.words import Detail, Reason

What = Literal[
    "left",  # a bucket did not serve; the next is looked for
    "switched",  # another bucket than the last one serves
    "stale",  # a late failure of a token that was renewed meanwhile
    "renewed",  # a token was renewed, by us or by another process
    "renewal-failed",
    "renewal-stopped",  # three times in a row, or for good
    "reauth-required",  # a person has to log in
    "login-asked",  # a person is asked to
    "login-failed",
    "login",  # a person logged in
    "exhausted",  # no bucket is left for a request
    "state",  # the user's state folder cannot be read or written
    "no-keyring",  # tokens lie in a file, for no keyring here encrypts
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that happened."""

    what: What
    bucket: str = ""
    before: str = ""
    """The bucket that was tried before it, when another one is."""
    reason: Reason | None = None
    detail: Detail = ""
    code: str = ""
    """The upstream's own word, or what the system said."""
    retry_at: float | None = None
    at: float = 0.0
    """Seconds since the epoch."""


Tell = Callable[[Notice], None]


def to_nobody(notice: Notice) -> None:
    """Let a notice go."""
    del notice
