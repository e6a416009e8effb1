"""What goes to an upstream and what comes back, before and after its protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from weighlock.credentials import Hint
from weighlock.errors import WeighlockError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One request, complete with its credential."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    at: float
    """When it came, in seconds since the epoch; waits are counted from then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a call used; None: the answer does not say."""

    input: int | None = None
    """All that was read, whatever came from a cache included."""
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model said."""

    text: str
    model: str
    """As the upstream names it."""
    finish: str
    """Why it ended, in the upstream's word: ``end_turn``, ``stop``, ``MAX_TOKENS``."""
    tokens: Tokens
    document: Mapping[str, object] = field(repr=False)
    """The whole answer, as it came."""


class CallRefused(WeighlockError):  # noqa: N818 - it is an answer of the upstream
    """An upstream refused a call, or could not be understood.

    Args:
        provider: Name of the upstream.
        hint: Whose fault it is.
        said: Its message, without any secret.
    """

    exit_code: ClassVar[int] = 7

    def __init__(self, provider: str, answer: Hint, said: str = "") -> None:
        self.answer = answer
        self.said = said
        words = [str(answer.status or ""), answer.detail or answer.code, said]
        told = " ".join(word for word in words if word)
        super().__init__(f"{provider} refused the call: {told or 'no reason given'}")
