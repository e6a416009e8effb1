"""The ``"status"`` of an entry of ``tasks.json``: one string, replaced where it stands.

Nothing is parsed and printed anew, so indentation, order and escapes stay.
"""

import json
from collections.abc import Iterator

from weighlock.plan.dialects.json_text import Document, Value
from weighlock.plan.dialects.task_entry import entry_key
from weighlock.plan.model import Phase, Status
from weighlock.plan.status import read_status

WORDS: dict[Status, str] = {
    "pending": "pending",
    "in_progress": "in-progress",
    "completed": "done",
    "failed": "blocked",
    "blocked": "blocked",
    "timed_out": "blocked",
    "skipped": "deferred",
    "cancelled": "cancelled",
}
"""State → the word of task-master, which refuses words that it does not know."""
_BOM = b"\xef\xbb\xbf"


def write_entry(data: bytes, phase: Phase, status: Status) -> bytes:
    """Replace a phase's status; bytes come back as they were where there is none."""
    lead = _BOM if data.startswith(_BOM) else b""
    text = data[len(lead) :].decode("utf-8", "surrogateescape")
    document = Document(text)
    found = [] if document.fault else list(_statuses(document, phase))
    if len(found) != 1:
        return data  # minified, with the same number in several tags: which is meant?
    old = found[0]
    if read_status(str(old.content)) == read_status(WORDS[status]):
        return data
    new = text[: old.start] + json.dumps(WORDS[status]) + text[old.end :]
    return lead + new.encode("utf-8", "surrogateescape")


def _statuses(document: Document, phase: Phase) -> Iterator[Value]:
    """Yield the status of each entry with this number on this line."""
    for one in _entries(document):
        if document.line(one.start) != phase.source.line:
            continue
        members = dict(document.members(one))
        said, name = members.get("status"), members.get("id")
        fits = name is not None and entry_key(name.content) == phase.key
        if fits and said is not None and isinstance(said.content, str):
            yield said


def _entries(document: Document) -> Iterator[Value]:
    """Yield the entries of a list, of ``tasks``, and of the ``tasks`` of each tag."""
    yield from document.items(document.root)
    for name, value in document.members(document.root):
        if name == "tasks":
            yield from document.items(value)
        for inner, below in document.members(value):
            if inner == "tasks":
                yield from document.items(below)
