"""The door: whose requests are let in, and what they are told when they are not."""

from collections.abc import Sequence
from dataclasses import dataclass

from weighlock.gateway.door.grants import Grant, Grants
from weighlock.gateway.door.headers import Incoming
from weighlock.gateway.wire import ProtocolName, Refusal

HEADER_LIMIT = 64 * 1024
"""Bytes of a request's headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What is asked of every request before its body is read."""

    port: int
    grants: Grants
    speaks: tuple[ProtocolName, ...]
    """The protocols that are configured, in the order of the file."""
    hosts: frozenset[bytes] = frozenset()
    """Our own names, with the port; filled in."""

    def __post_init__(self) -> None:
        names = ("127.0.0.1", "localhost", "[::1]")
        hosts = frozenset(f"{name}:{self.port}".encode() for name in names)
        object.__setattr__(self, "hosts", hosts)

    def address(self, seen: Incoming) -> Refusal | None:
        """Refuse a request that a web page or another name has sent here.

        A page can make a browser send requests to this machine (DNS rebinding), but it
        can neither leave out its Origin nor name our address as the host.
        """
        if len(seen.hosts) != 1 or seen.hosts[0].lower() not in self.hosts:
            return Refusal(status=403, message="this host is not served here")
        if b"origin" in seen.names:
            return Refusal(status=403, message="requests of web pages are not served")
        if seen.size > HEADER_LIMIT:
            return Refusal(status=431, message="the headers are too large")
        return None

    def grant(self, seen: Incoming, keys: Sequence[str], now: float) -> Grant | Refusal:
        """Return what the shown token allows; two different ones contradict."""
        tokens = seen.tokens | set(keys)
        if not tokens:
            return Refusal(status=401, message="no token was given")
        if len(tokens) > 1:
            return Refusal(status=401, message="two different tokens were given")
        grant = self.grants.find(tokens.pop(), now)
        if grant is None:
            message = "this token is not known here, has expired or was revoked"
            return Refusal(status=401, message=message)
        return grant

    def protocol(self, grant: Grant, protocol: ProtocolName) -> Refusal | None:
        """Refuse a protocol that the token or the configuration has not."""
        if grant.protocols is not None and protocol not in grant.protocols:
            message = f"this token is not for the protocol {protocol}"
            return Refusal(status=403, message=message)
        if protocol not in self.speaks:
            message = f"no provider of the configuration speaks {protocol}"
            return Refusal(status=404, message=message)
        return None

    def listing(self, seen: Incoming) -> ProtocolName:
        """Guess which protocol a client speaks that lists models."""
        anthropic = {b"anthropic-version", b"x-api-key"} & seen.names
        likely: tuple[ProtocolName, ...] = ("openai-responses", "openai-chat")
        wanted = ("anthropic",) if anthropic else likely
        found = [p for p in self.speaks if p in wanted] or list(self.speaks)
        return found[0] if found else "openai-chat"
