"""Four model protocols as tables of functions: what an answer says, how to say no.

Nothing is translated. A protocol's module reads documents that pass by and writes only
what is our own: refusals, and the error event of a stream that broke.
"""

from collections.abc import Mapping

from weighlock.gateway.wire import anthropic, chat, gemini, responses
from weighlock.gateway.wire.model import (
    NO_TOKENS,
    Document,
    Fault,
    ProtocolName,
    Reading,
    Refusal,
    Sign,
    Tokens,
    Wire,
)

WIRES: Mapping[ProtocolName, Wire] = {
    one.WIRE.name: one.WIRE for one in (anthropic, responses, chat, gemini)
}
"""Every protocol by its name in the configuration."""

__all__ = [
    "NO_TOKENS",
    "WIRES",
    "Document",
    "Fault",
    "ProtocolName",
    "Reading",
    "Refusal",
    "Sign",
    "Tokens",
    "Wire",
]
