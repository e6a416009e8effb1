"""How an agent is told where models are: the variables that point it at a gateway.

Measured against the pinned version of each package (docs/agents.md). What a profile
writes into an agent's own files, Codex's config.toml and OpenCode's opencode.json,
follows from the same variables.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weighlock.config import AgentSettings
from weighlock.config.buckets import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One agent's protocol, and the variables that hold address and token."""

    wire: Wire
    variables: Mapping[str, str]
    """Name → value with ``{url}`` and ``{token}``."""
    others: tuple[str, ...] = ()
    """Further names by which a person may have said where its models are."""


_OPENAI = {"OPENAI_BASE_URL": "{url}/v1", "OPENAI_API_KEY": "{token}"}
_CLAUDE = {"ANTHROPIC_BASE_URL": "{url}", "ANTHROPIC_AUTH_TOKEN": "{token}"}
_GEMINI = {"GOOGLE_GEMINI_BASE_URL": "{url}", "GEMINI_API_KEY": "{token}"}

REACHES: Mapping[str, Reach] = {
    "claude": Reach(
        wire="anthropic",
        # away from its maker's own host it loads every tool at once without this
        variables={**_CLAUDE, "ENABLE_TOOL_SEARCH": "true"},
        others=("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"),
    ),
    "codex": Reach(
        wire="openai-responses", variables=_OPENAI, others=("CODEX_API_KEY",)
    ),
    "opencode": Reach(wire="openai-chat", variables=_OPENAI),
    "gemini": Reach(
        wire="gemini",
        variables=_GEMINI,
        others=("GOOGLE_API_KEY", "GOOGLE_GENAI_USE_GCA"),
    ),
    "qwen": Reach(wire="openai-chat", variables=_OPENAI),
    "copilot": Reach(
        wire="openai-chat",
        variables={
            "COPILOT_PROVIDER_BASE_URL": "{url}/v1",
            "COPILOT_PROVIDER_API_KEY": "{token}",
        },
    ),
}
"""Profile → how it is pointed at a gateway. Vibe has no variable for it."""

_PROGRAMS: tuple[tuple[Wire, Mapping[str, str]], ...] = (
    ("anthropic", _CLAUDE),
    ("openai-chat", _OPENAI),
    ("openai-responses", _OPENAI),
    ("gemini", _GEMINI),
)


def reach(settings: AgentSettings, speaks: Iterable[Wire]) -> Reach | None:
    """Return how an agent reaches a gateway; None where a person said otherwise.

    Args:
        settings: The agent; its own variables and login come first.
        speaks: The protocols that there are buckets for.
    """
    found = REACHES.get(settings.profile)
    if found is None or found.wire not in speaks or settings.login is not None:
        return None
    said = {*found.variables, *found.others} - {"ENABLE_TOOL_SEARCH"}
    return None if said & set(settings.env) else found


def program(speaks: Iterable[Wire]) -> Mapping[str, str]:
    """Return the variables for a program of which nobody knows what it speaks."""
    known = {wire: table for wire, table in _PROGRAMS if wire in set(speaks)}
    found = {"WEIGHLOCK_GATEWAY_URL": "{url}", "WEIGHLOCK_GATEWAY_TOKEN": "{token}"}
    for table in known.values():
        found |= table
    return found


def filled(variables: Mapping[str, str], url: str, token: str) -> dict[str, str]:
    """Return variables with address and token in their places."""
    return {n: v.format(url=url, token=token) for n, v in variables.items()}
