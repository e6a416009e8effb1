"""The paths that are passed on, and nothing beside them.

Without this list a virtual token could reach billing, files or administration with the
real key. Paths are compared as they came: a percent sign or two slashes fit nowhere.
"""

import re
from dataclasses import dataclass

from weighlock.gateway.wire import ProtocolName


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a path asks for."""

    protocol: ProtocolName
    generates: bool = False
    """Whether the answer is a model's, so that it is metered and held to be whole."""
    model: str | None = None
    """The model, where it is named in the path."""
    streams: bool | None = None
    """Whether the answer is a stream; None: the body says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A path or method that is not passed on."""

    status: int
    protocol: ProtocolName


_POSTS: dict[bytes, Route] = {
    b"/v1/messages": Route(protocol="anthropic", generates=True),
    b"/v1/messages/count_tokens": Route(protocol="anthropic", streams=False),
    b"/v1/responses": Route(protocol="openai-responses", generates=True),
    b"/v1/chat/completions": Route(protocol="openai-chat", generates=True),
}
_NAME = rb"[A-Za-z0-9][A-Za-z0-9._-]*"
_GEMINI = re.compile(rb"/v1(?:beta)?/models/(" + _NAME + rb"):(\w+)")
_GEMINI_LIST = re.compile(rb"/v1beta/models(?:/" + _NAME + rb")?")
_LIST = re.compile(rb"/v1/models(?:/[A-Za-z0-9][A-Za-z0-9._:-]*)?")
_VERBS: dict[bytes, tuple[bool, bool]] = {
    b"generateContent": (True, False),
    b"streamGenerateContent": (True, True),
    b"countTokens": (False, False),
    b"embedContent": (False, False),
    b"batchEmbedContents": (False, False),
}
"""Verb of Gemini → (generates, streams)."""


def route(method: str, path: bytes, speaks: ProtocolName) -> Route | Unknown:
    """Return what a request asks for.

    Args:
        method: The method, in capitals.
        path: The path as it came, without the query.
        speaks: The protocol of a client that lists models, by its headers.
    """
    found = _posted(path) if method == "POST" else _got(path, speaks)
    if found is not None and method in {"POST", "GET"}:
        return found
    other = _posted(path) or _got(path, speaks)
    if other is not None:
        return Unknown(status=405, protocol=other.protocol)
    return Unknown(status=404, protocol=_guess(path))


def _posted(path: bytes) -> Route | None:
    known = _POSTS.get(path)
    if known is not None:
        return known
    match = _GEMINI.fullmatch(path)
    if match is None or match[2] not in _VERBS:
        return None
    generates, streams = _VERBS[match[2]]
    return Route(
        protocol="gemini",
        generates=generates,
        streams=streams,
        model=match[1].decode(),
    )


def _got(path: bytes, speaks: ProtocolName) -> Route | None:
    if _GEMINI_LIST.fullmatch(path):
        return Route(protocol="gemini", streams=False)
    if _LIST.fullmatch(path):
        return Route(protocol=speaks, streams=False)
    return None


def _guess(path: bytes) -> ProtocolName:
    """Say in whose words a stray path is refused."""
    if path.startswith(b"/v1/messages"):
        return "anthropic"
    return "gemini" if path.startswith(b"/v1beta/") else "openai-chat"


_KEYS = frozenset({b"key", b"access_token", b"oauth_token", b"api_key"})


def query(raw: bytes) -> tuple[bytes, list[str]]:
    """Take keys out of a query; the rest stays byte for byte.

    Returns:
        The query that goes upstream, and the values of ``key``.
    """
    if not raw:
        return b"", []
    pairs = [pair.partition(b"=") for pair in raw.split(b"&")]
    kept = [b"".join(pair) for pair in pairs if _named(pair[0]) not in _KEYS]
    keys = [pair[2].decode("latin-1") for pair in pairs if _named(pair[0]) == b"key"]
    return b"&".join(kept), [key for key in keys if key]


def _named(name: bytes) -> bytes:
    """Return a parameter's name as a server reads it."""
    if b"%" not in name and b"+" not in name:
        return name.lower()
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(name).lower()
