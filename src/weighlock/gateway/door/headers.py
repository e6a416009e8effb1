"""Headers on their way through: what is taken off, what is kept as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Raw = Sequence[tuple[bytes, bytes]]
Pairs = list[tuple[bytes, bytes]]

_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Of one connection only (RFC 9110, 7.6.1)."""

_TOKENS = frozenset({b"authorization", b"x-api-key", b"x-goog-api-key", b"api-key"})

_NEVER_UP = frozenset(
    {
        *_HOP,
        *_TOKENS,
        b"accept-encoding",  # identity: the tap must see plain bytes
        b"content-length",
        b"cookie",
        b"expect",
        b"forwarded",
        b"host",
        b"http2-settings",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-proto",
        b"x-goog-user-project",  # whose quota pays is not the client's to say
        b"x-http-method",
        b"x-http-method-override",  # would go round the list of paths
        b"x-method-override",
        b"x-real-ip",
    }
)
_NEVER_DOWN = frozenset(
    {
        *_HOP,
        b"alt-svc",
        b"content-encoding",  # undone on the way
        b"content-length",
        b"location",
        b"set-cookie",
        b"set-cookie2",
        b"strict-transport-security",
        b"www-authenticate",
        b"x-gateway-error",  # ours alone
    }
)
_PREFIXES = (b"proxy-", b"access-control-")


@dataclass(slots=True)
class Incoming:
    """A request's headers, sorted in one pass."""

    up: Pairs = field(default_factory=list)
    """What goes upstream."""
    tokens: set[str] = field(default_factory=set)
    """Every different token that was shown."""
    hosts: list[bytes] = field(default_factory=list)
    names: set[bytes] = field(default_factory=set)
    size: int = 0
    """Bytes of names and values."""


def incoming(raw: Iterable[tuple[bytes, bytes]]) -> Incoming:
    """Sort a request's headers; names are in lower case."""
    found = Incoming()
    named: list[bytes] = []
    for name, value in raw:
        found.size += len(name) + len(value)
        found.names.add(name)
        if name in _NEVER_UP:
            if name == b"connection":
                named += value.lower().split(b",")
            elif name == b"host":
                found.hosts.append(value)
            elif name in _TOKENS and (token := _token(name, value)):
                found.tokens.add(token)  # an empty one is what a client has left unset
        elif not name.startswith(_PREFIXES):
            found.up.append((name, value))
    extra = {name.strip() for name in named}
    if not extra <= {b"keep-alive", b"close", b""}:
        found.up = [pair for pair in found.up if pair[0] not in extra]
    found.up.append((b"accept-encoding", b"identity"))
    return found


def _token(name: bytes, value: bytes) -> str:
    text = value.decode("latin-1").strip()
    if name != b"authorization":
        return text
    scheme, _, rest = text.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else text


def outgoing(raw: Raw) -> Pairs:
    """Return what a client may see of an upstream's headers."""
    kept = [(name.lower(), value) for name, value in raw]
    named = {
        part.strip()
        for name, value in kept
        if name == b"connection"
        for part in value.lower().split(b",")
    }
    return [
        (name, value)
        for name, value in kept
        if name not in _NEVER_DOWN
        and name not in named
        and not name.startswith(_PREFIXES)
    ]
