"""What a scripted agent plays: per phase and attempt a list of acts, as values."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from weighlock.errors import SettingsError

Verb = Literal[
    "write",
    "append",
    "delete",
    "run",
    "commit",
    "say",
    "lie",
    "activity",
    "ask",
    "permit",
    "sleep",
    "hang",
    "noise",
    "crash",
    "error",
    "stop",
]
VERBS: tuple[Verb, ...] = get_args(Verb)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing a scripted agent does."""

    verb: Verb
    what: str = ""
    """Path for write, append, delete; command for run; else the words."""
    text: str = ""
    """Content for write and append."""
    number: float = 0
    """Seconds for sleep, exit code for crash, code for error, times for noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The acts of one conversation."""

    acts: tuple[Act, ...]
    phase: str | None = None
    """None: any phase that has no turn of its own."""
    attempt: int = 1
    """From this attempt on, until a turn with a higher number takes over."""
    session: int | None = None
    """None: every session of the attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole script."""

    turns: tuple[Turn, ...] = ()

    def acts(self, phase: str, attempt: int, session: int = 1) -> tuple[Act, ...]:
        """Return what to play; nothing when no turn fits."""
        fits = [
            turn
            for turn in self.turns
            if turn.phase in {phase, None}
            and turn.attempt <= attempt
            and turn.session in {session, None}
        ]
        best = max(fits, key=_nearness, default=None)
        return best.acts if best else ()


def _nearness(turn: Turn) -> tuple[bool, int, bool]:
    return turn.phase is not None, turn.attempt, turn.session is not None


def read(path: Path) -> Script:
    """Read a script from a TOML file, or from JSON when it is named ``.json``.

    Raises:
        SettingsError: Unreadable, not valid, or an act that nobody knows.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise SettingsError(f"cannot read the script: {error}", where=str(path)) from (
            error
        )
    return parse(data, where=str(path))


def parse(data: object, where: str = "script") -> Script:
    """Make a script of ``{"turn": [{phase, attempt, session, acts}, …]}``.

    An act is a mapping with one verb as its key: ``{"write": "a.py", "text": "…"}``,
    ``{"run": "pytest"}``, ``{"hang": true}``, ``{"crash": 3}``,
    ``{"error": "quota", "code": -32603}``.
    """
    turns = data.get("turn") if isinstance(data, Mapping) else None
    if not isinstance(turns, Sequence):
        raise SettingsError("a script is a list of turns: [[turn]]", where=where)
    return Script(
        turns=tuple(_turn(t, f"{where}: turn {n}") for n, t in enumerate(turns, 1))
    )


def _turn(table: object, where: str) -> Turn:
    if not isinstance(table, Mapping) or not isinstance(table.get("acts"), Sequence):
        raise SettingsError("a turn needs a list of acts", where=where)
    unknown = sorted(set(table) - {"phase", "attempt", "session", "acts"})
    if unknown:
        raise SettingsError(f"unknown key {unknown[0]}", where=where)
    phase, session = table.get("phase"), table.get("session")
    attempt = table.get("attempt", 1)
    if not isinstance(attempt, int) or not isinstance(session, int | None):
        raise SettingsError("attempt and session are whole numbers", where=where)
    return Turn(
        phase=None if phase is None else str(phase),
        attempt=attempt,
        session=session,
        acts=tuple(act(a, f"{where}, act {n}") for n, a in enumerate(table["acts"], 1)),
    )


def act(table: object, where: str = "act") -> Act:
    """Make one act of its mapping."""
    rest: dict[str, object] = dict(table) if isinstance(table, Mapping) else {}
    verb = next((v for v in VERBS if v in rest), None)
    if verb is None:
        raise SettingsError(
            f"not an act: {table!r}", hint=f"one of {', '.join(VERBS)}", where=where
        )
    value, text = rest.pop(verb), rest.pop("text", "")
    number = rest.pop("code", value if isinstance(value, int | float) else 0)
    if rest or not isinstance(text, str) or not isinstance(number, int | float):
        raise SettingsError(f"cannot be read: {table!r}", where=where)
    return Act(
        verb=verb,
        what=value if isinstance(value, str) else "",
        text=text,
        number=number,
    )
