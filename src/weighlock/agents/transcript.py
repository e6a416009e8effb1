"""What an agent says and does over ACP, as lines for people and signs of life.

Updates are taken as they come off the wire: plain data, in order, of any kind.  One
that nobody knows is a line in the log, never an error.
"""

from collections.abc import Callable, Mapping

from weighlock.agents.log import Log, short
from weighlock.ports import Watch

Update = Mapping[str, object]

_TEXTS = {
    "agent_message_chunk": "said",
    "agent_thought_chunk": "thought",
    "user_message_chunk": "user",
}
_QUIET = frozenset(
    (
        "available_commands_update",
        "current_mode_update",
        "config_option_update",
        "session_info_update",
        "usage_update",
    )
)
"""Kinds that say nothing of the work; they stand in the wire log."""


class Transcript:
    """Fold updates into log lines, activity and the last message."""

    def __init__(self, log: Log, watch: Watch, stir: Callable[[], None]) -> None:
        self._log, self._watch, self._stir = log, watch, stir
        self._speaking: tuple[str, object] | None = None
        self._parts: list[str] = []
        self._said = ""
        self._titles: dict[object, str] = {}
        self.trouble = ""
        """The last error that came in an update's extension fields."""

    def take(self, update: Update) -> None:
        """Take one update. It never waits, so their order stays."""
        self._stir()
        kind = str(update.get("sessionUpdate"))
        if kind in _TEXTS:
            self._hear(kind, update)
            return
        self._trouble(update.get("_meta"))
        if kind in _QUIET:
            return
        self.pause()
        if kind in {"tool_call", "tool_call_update"}:
            self._tool(update)
        elif kind == "plan":
            self._log.line("plan", _plan(update.get("entries")))
        else:
            self._log.line("update", kind)

    def pause(self) -> None:
        """Write the message that was being spoken, whole."""
        if self._speaking is None:
            return
        text = "".join(self._parts)
        word = _TEXTS[self._speaking[0]]
        self._log.line(word, text)
        if word == "said" and text.strip():
            self._said = text
        self._speaking, self._parts = None, []

    def said(self) -> str:
        """Return the last message: what the agent claims."""
        self.pause()
        return self._said.strip()

    def note(self, word: str, text: str) -> None:
        """Write a line of our own between the agent's."""
        self.pause()
        self._log.line(word, text)

    def _hear(self, kind: str, update: Update) -> None:
        speaking = (kind, update.get("messageId"))
        if speaking != self._speaking:
            self.pause()
            self._speaking = speaking
        text = _text(update.get("content"))
        self._parts.append(text)
        if text.strip():
            self._watch.activity(short(text))

    def _tool(self, update: Update) -> None:
        key, status = update.get("toolCallId"), update.get("status")
        title = _title(update) or self._titles.get(key, "tool call")
        if title != self._titles.get(key):
            self._titles[key] = title
            self._log.line("tool", title)
        self._watch.activity(short(title))
        if status in {"completed", "failed"}:
            self._log.line("tool", f"{short(title)}: {status}")
            output = _output(update)
            if output:
                self._log.line("out", output)

    def _trouble(self, meta: object) -> None:
        """Keep an error that an agent tells only beside the protocol (Codex does)."""
        for value in meta.values() if isinstance(meta, Mapping) else ():
            error = value.get("error") if isinstance(value, Mapping) else None
            if isinstance(error, Mapping):
                self.trouble = str(error.get("message") or error)
                self.note("error", self.trouble)


def title_of(call: Update) -> str:
    """Name a tool call in a few words: ``Bash `pytest -q```."""
    return _title(call) or "tool call"


def _title(update: Update) -> str:
    title = update.get("title")
    words = title if isinstance(title, str) else ""
    command = _command(update.get("rawInput"))
    if command and update.get("kind") in {"execute", None}:
        return f"Bash `{command}`"
    return words


def _command(given: object) -> str:
    value = given.get("command") if isinstance(given, Mapping) else None
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return " ".join(value[-1:] if value[1:2] in (["-lc"], ["-c"]) else value)
    return value if isinstance(value, str) else ""


def _text(content: object) -> str:
    if not isinstance(content, Mapping):
        return ""
    text = content.get("text")
    return text if isinstance(text, str) else f"[{content.get('type')}]"


def _output(update: Update) -> str:
    parts = update.get("content")
    return "\n".join(
        _text(part.get("content"))
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, Mapping) and part.get("type") == "content"
    )


def _plan(entries: object) -> str:
    lines = [
        f"[{entry.get('status')}] {entry.get('content')}"
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, Mapping)
    ]
    return "\n".join(lines)
