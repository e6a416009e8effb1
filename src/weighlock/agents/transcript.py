"""What an agent says and does over ACP, as lines for people and signs of life.

Updates are taken as they come off the wire: plain data, in order, of any kind.  One
that nobody knows is a line in the log, never an error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

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

_VERBS = {"edit": "Edit", "read": "Read", "delete": "Delete", "search": "Search"}


class Transcript:
    """Fold updates into log lines, activity and the last message."""

    def __init__(
        self, log: Log, watch: Watch, *, stir: Callable[[], None], root: Path
    ) -> None:
        self._log, self._watch, self._stir, self._root = log, watch, stir, root
        self._speaking: tuple[str, object] | None = None
        self._parts: list[str] = []
        self._said = ""
        self._calls: dict[object, _Call] = {}
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

    def busy(self) -> bool:
        """Say whether a tool call is under way."""
        return bool(self._calls)

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
        call = self._calls.setdefault(key, _Call())
        call.learn(update)
        name = call.name(self._root)
        self._watch.activity(short(name))
        over = status in {"completed", "failed"}
        if name != call.logged and (call.telling() or over or status == "in_progress"):
            call.logged = name
            self._log.line("tool", name)
        if over:
            self._calls.pop(key)
            self._log.line("tool", f"{short(name)}: {status}")
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


def title_of(update: Update, root: Path) -> str:
    """Name a tool call in a few words: ``Bash `pytest -q```, ``Edit src/a.py``."""
    call = _Call()
    call.learn(update)
    return call.name(root)


@dataclass(slots=True)
class _Call:
    """What is known of a tool call so far; agents tell it bit by bit."""

    kind: str = ""
    title: str = ""
    command: str = ""
    path: str = ""
    logged: str = ""

    def learn(self, update: Update) -> None:
        self.kind = _word(update.get("kind")) or self.kind
        self.title = _word(update.get("title")) or self.title
        self.command = _command(update.get("rawInput")) or self.command
        self.path = _path(update.get("locations")) or self.path

    def telling(self) -> bool:
        return bool(self.command or self.path)

    def name(self, root: Path) -> str:
        if self.command or self.kind == "execute":
            return f"Bash `{self.command or self.title}`"
        if self.path:
            verb = _VERBS.get(self.kind, self.title.partition(" ")[0])
            return f"{verb} {_inside(self.path, root)}"
        return self.title or "tool call"


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _path(locations: object) -> str:
    first = locations[0] if isinstance(locations, list) and locations else None
    return _word(first.get("path")) if isinstance(first, Mapping) else ""


def _inside(path: str, root: Path) -> str:
    """Return a path relative to the workspace where it lies in it."""
    place = Path(path)
    return str(place.relative_to(root)) if place.is_relative_to(root) else path


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
