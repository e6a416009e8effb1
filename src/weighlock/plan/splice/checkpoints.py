"""The ``## Execution Checkpoints`` section of a plan in one file."""

import json
import re
from collections.abc import Sequence

from weighlock.plan import markdown
from weighlock.plan.encoding import decode
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import insert

SECTION = re.compile(r"execution\s+checkpoints?\b", re.IGNORECASE)
"""The heading of the section that holds them."""
_SAFE = re.compile(r"[\w./@+-]*[\w/]\Z")


def write_checkpoint(data: bytes, note: Note) -> bytes:
    """Add a phase's checkpoint, or put it in the place of its older one."""
    lines = decode(data).lines
    page = markdown.scan("", lines)
    entry = _entry(note)
    head = next((h for h in page.headings if SECTION.match(h.text)), None)
    if head is None:
        return data if note.status == "pending" else _append(data, entry)
    end = next(
        (
            h.line - 1
            for h in page.headings
            if h.line > head.line and h.level <= head.level
        ),
        len(lines),
    )
    old = _find(lines, head.line, end, entry[0])
    if old is not None:
        return _replace(data, old, entry)
    if note.status == "pending":
        return data  # it says so by having none
    last = _last(lines, head.line, end)
    if last is not None:
        return insert(data, last, entry)
    while end > head.line and not lines[end - 1].strip():
        end -= 1
    return insert(data, end, ["", "```yaml", *entry, "```"])


def _entry(note: Note) -> list[str]:
    """Write one checkpoint as YAML, in the form the plans ask for."""
    done = note.status == "completed"
    fields: dict[str, str] = {"status": "complete" if done else note.status}
    if done:
        fields["completed_at"] = note.at
        fields["artifacts"] = f"[{', '.join(_scalar(f.path) for f in note.files)}]"
    elif note.status in {"failed", "blocked", "timed_out"}:
        fields["failed_at"] = note.at
        fields["error"] = json.dumps(note.error, ensure_ascii=False)
        fields["last_successful_step"] = json.dumps(note.last_step, ensure_ascii=False)
    if note.evidence:
        fields["evidence"] = note.evidence
    return [f"- {name(note.phase)}:", *(f"    {k}: {v}" for k, v in fields.items())]


def name(key: str) -> str:
    """Return a phase's name in checkpoints: phase_1, phase_5a, phase_1.5."""
    return "phase_" + re.sub(r"\A0+(?=\d)", "", key)


def _scalar(text: str) -> str:
    return text if _SAFE.match(text) else json.dumps(text, ensure_ascii=False)


def _find(
    lines: Sequence[str], first: int, last: int, head: str
) -> tuple[int, int] | None:
    """Return the first and the last line of an entry."""
    start = next((n for n in range(first, last) if lines[n].strip() == head), None)
    if start is None:
        return None
    end = start + 1
    while end < last and lines[end][:1] in {" ", "\t"} and lines[end].strip():
        end += 1
    return start + 1, end


def _last(lines: Sequence[str], first: int, last: int) -> int | None:
    """Return the last line of the last entry of any phase."""
    found = None
    for at in range(first, last):
        if re.match(r"- phase_\S+:\s*\Z", lines[at]):
            entry = _find(lines, at, last, lines[at].strip())
            found = entry[1] if entry else found
    return found


def _replace(data: bytes, old: tuple[int, int], entry: list[str]) -> bytes:
    raw = data.splitlines(keepends=True)
    first, last = old
    before = b"".join(raw[first - 1 : last])
    if before.splitlines() == [line.encode() for line in entry]:
        return data
    kept = b"".join([*raw[: first - 1], *raw[last:]])
    return insert(kept, first - 1, entry)


def _append(data: bytes, entry: list[str]) -> bytes:
    raw = data.splitlines(keepends=True)
    gap = [""] if raw and raw[-1].strip() else []
    body = [*gap, "## Execution Checkpoints", "", "```yaml", *entry, "```"]
    return insert(data, len(raw), body)
