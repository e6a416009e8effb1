"""Everything that one call needs, in one frozen value."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from weighlock.credentials import Credential, Upstream, Wire
from weighlock.errors import UsageError, WeighlockError
from weighlock.providers.exchange import Incoming, Outgoing

Role = Literal["user", "assistant"]
ROLES: tuple[Role, ...] = get_args(Role)
Stage = Literal["call", "normalise", "send"]
Send = Callable[[Outgoing], Awaitable[Incoming]]
"""Request → answer, whole; an OSError when there is none."""

_MESSAGES = 'messages=(("user", "hi"),); or "assistant"; for "system" there is system='
_HINTS: Mapping[Stage, str] = {
    "call": "give it to the CallContext of this very call",
    "normalise": "give it to the CallContext of this very call",
    "send": "call it through an Orchestrator, which leases a bucket for each attempt",
}


class MissingCallContext(WeighlockError):  # noqa: N818 - the name the plans give it
    """A call lacks what it needs; there are no defaults elsewhere to fall back on.

    Args:
        missing: Fields of the CallContext.
        stage: Where they were needed: ``call``, ``normalise`` or ``send``.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, missing: tuple[str, ...], stage: Stage) -> None:
        self.missing = missing
        self.stage: Stage = stage
        told = f"the call has no {' and no '.join(missing)} (at {stage})"
        super().__init__(told, hint=_HINTS[stage])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one attempt of a call has beside it: a bucket, and the way there."""

    number: int
    """Counted from 1 within the call."""
    bucket: str
    upstream: Upstream
    credential: Credential = field(repr=False)
    """Of this attempt alone; never kept."""
    send: Send = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContext:
    """One call: what is asked, of whom, and by whom."""

    wire: Wire | None = None
    """The protocol that is spoken."""
    provider: str = ""
    """Name of the one upstream that may serve; empty: any that speaks the protocol."""
    model: str = ""
    messages: tuple[tuple[Role, str], ...] = ()
    """The conversation so far; the last message is what is answered."""
    system: str = ""
    """What stands above the conversation."""
    max_tokens: int | None = None
    """Of the answer; Anthropic's protocol needs it."""
    temperature: float | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    """Fields of the protocol that are sent as they are, in place of ours if need be."""
    runtime: str = ""
    """Who calls: served where it was last served, and named in every event. Empty: in
    the order of the file."""
    timeout_s: float = 600.0
    """Until an attempt is given up."""
    max_wait_s: float | None = None
    """How long to wait for the earliest reset; None: as the configuration says."""
    attempt: Attempt | None = None
    """Filled in by the orchestrator, in a copy for each attempt."""

    def __post_init__(self) -> None:
        """Refuse messages of another shape where they are written."""
        for one in self.messages:
            if not _is_message(one):
                raise UsageError(f"{one!r:.80} is no message", hint=_MESSAGES)

    def under_way(self) -> Attempt:
        """Return the attempt that this context is the one of.

        Raises:
            MissingCallContext: It is none's.
        """
        if self.attempt is None:
            raise MissingCallContext(("attempt",), "send")
        return self.attempt

    def require(self, stage: Stage, *names: str) -> None:
        """Refuse to go on without fields; all that are missing are named at once.

        Raises:
            MissingCallContext: One is None or empty.
        """
        missing = tuple(n for n in names if getattr(self, n) in (None, "", ()))
        if missing:
            raise MissingCallContext(missing, stage)


def _is_message(one: object) -> bool:
    match one:
        case (str(role), str()):
            return role in ROLES
        case _:
            return False
