"""The tables in which a tracker logs blockers and remediations."""

import re
from collections.abc import Mapping

from weighlock.plan import markdown
from weighlock.plan.encoding import decode
from weighlock.plan.markdown import Page, Row, Table
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import insert

_BLOCKING = re.compile(r"block(?:ing|ed|ers?)\b.*", re.IGNORECASE)
_REMEDIATION = re.compile(r"remediation", re.IGNORECASE)
LOGS = re.compile(rf"(?:{_BLOCKING.pattern}|{_REMEDIATION.pattern})", re.IGNORECASE)
"""The headings above those tables."""
_EMPTY = re.compile(r"[\s\-–—.]*\Z|\(?none(?: yet)?\)?\.?\Z|n/?a\Z", re.IGNORECASE)
_MEANING = {
    "date": "date",
    "when": "date",
    "phase": "phase",
    "issue": "what",
    "blocker": "what",
    "problem": "what",
    "reason": "what",
    "resolution": "actions",
    "actions": "actions",
    "action": "actions",
    "resolved": "outcome",
    "outcome": "outcome",
    "result": "outcome",
}


def write_logs(data: bytes, note: Note) -> bytes:
    """Add what is new to the blocking-issues and the remediation log."""
    for blocker in note.blockers:
        row = _row(note, blocker, "", "No")
        data = _add(data, _BLOCKING, row)
    for remedy in note.remedies:
        row = _row(note, remedy.reason, remedy.actions, remedy.outcome)
        data = _add(data, _REMEDIATION, row)
    return data


def _row(note: Note, what: str, actions: str, outcome: str) -> dict[str, str]:
    phase = f"P{note.phase}" if note.phase[:1].isdigit() else note.phase
    return {
        "date": note.date,
        "phase": phase,
        "what": _cell(what),
        "actions": _cell(actions),
        "outcome": _cell(outcome),
    }


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()) or "-"


def _add(data: bytes, title: re.Pattern[str], row: Mapping[str, str]) -> bytes:
    """Add a row to the first table below a heading, unless it is there already."""
    page = markdown.scan("", decode(data).lines)
    table = _below(page, title)
    if table is None:
        return data
    meaning = [_MEANING.get(_word(head), "") for head in table.header]
    if "what" not in meaning or any(_says(r, meaning, row) for r in table.rows):
        return data
    line = f"| {' | '.join(row.get(name, '-') for name in meaning)} |"
    empty = next((r for r in table.rows if all(map(_EMPTY.match, r.cells))), None)
    if empty is None:
        last = table.rows[-1].line if table.rows else table.line + 1
        return insert(data, last, [line])
    raw = data.splitlines(keepends=True)
    old = raw[empty.line - 1]
    raw[empty.line - 1] = line.encode() + old[len(old.rstrip(b"\r\n")) :]
    return b"".join(raw)


def _word(head: str) -> str:
    words = re.findall(r"[a-z]+", head.lower())
    return words[0] if words else ""


def _below(page: Page, title: re.Pattern[str]) -> Table | None:
    for at, head in enumerate(page.headings):
        if title.match(head.text):
            later = page.headings[at + 1 :]
            end = later[0].line if later else len(page.lines) + 1
            tables = (t for t in page.tables if head.line < t.line < end)
            return next(tables, None)
    return None


def _says(old: Row, meaning: list[str], row: Mapping[str, str]) -> bool:
    """Say whether a row is about the same thing of the same phase."""
    said = dict(zip(meaning, old.cells, strict=False))
    what = row["what"].replace("\\|", "|")
    return said.get("what") == what and said.get("phase") == row["phase"]
