"""What the head of a phase says of its state.

A sign or a word in its heading, ``### Phase 2: Ink ✅``, the ``status:`` of its own
front matter, the status of a BMAD story.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from weighlock.plan.dialects.bmad import status_at, story_state
from weighlock.plan.model import Phase, Status
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper
from weighlock.plan.splice.spelling import GLYPHS, WORDS, cased, joined, spell
from weighlock.plan.status import GLYPHS as READ
from weighlock.plan.status import read_status
from weighlock.plan.titles import STATE, read_title

_GLYPH = re.compile(f"[{''.join(READ)}]\ufe0f?")
_BOX = re.compile(r"(#{1,6}[ \t]+\[)[ xX](?=\][ \t])")
_FRONT = re.compile(rb"\A(status:[ \t]+)([\"']?)(.*?)(\2[ \t]*)\Z", re.IGNORECASE)


def write_heading(
    paper: Paper, phase: Phase, others: Iterable[Phase], note: Note
) -> bool:
    """Write the sign or the bracketed word that a phase's heading has.

    Returns:
        Whether the heading says a state, or has a box for one.
    """
    number = phase.source.line
    told = _told(paper, number)
    text = paper.line(number).decode("utf-8", "surrogateescape")
    box = _BOX.match(text)
    if told is None and (box is None or phase.status_text):
        return False
    if (told or "pending") == note.status:
        return True
    if found := STATE.search(text):
        text = text[: found.start()] + _reworded(found, note.status)
    elif found := _GLYPH.search(text):
        text = _signed(text, found, _sign(_signs(paper, others), note.status))
        if note.status not in {*GLYPHS, "pending"}:
            text += f" ({WORDS[note.status]})"
    elif box:
        text = _ticked(text, box, note.status)
    paper.put(number, text.encode("utf-8", "surrogateescape"))
    return True


def _ticked(text: str, box: re.Match[str], status: Status) -> str:
    """Set the box before a heading's number; a word says what a box cannot."""
    mark = "x" if status == "completed" else " "
    word = "" if status in {"completed", "pending"} else f" ({WORDS[status]})"
    return box[1] + mark + text[box.end() :] + word


def sign_heading(
    paper: Paper, phase: Phase, others: Iterable[Phase], note: Note
) -> bool:
    """Give a heading the sign that headings of other phases have at their end.

    Returns:
        Whether they have one.
    """
    signs = tuple(_signs(paper, others))
    sign, line = _sign(signs, note.status), paper.line(phase.source.line)
    if not signs or not sign or not paper.plain or line.endswith((b"#", b"*")):
        return False
    paper.put(phase.source.line, line.rstrip() + f" {sign}".encode())
    return True


def _reworded(found: re.Match[str], status: Status) -> str:
    """Return the end of a heading with another word, and with its sign."""
    like = "".join(c for c in found["word"] if c.isalpha())
    word = cased(joined(WORDS[status], found["word"]), like)
    start, end = (at - found.start() for at in found.span("word"))
    sign = GLYPHS.get(status, "")
    head = _GLYPH.sub(sign, found[0][:start]) if sign else found[0][:start]
    return head + word + _GLYPH.sub(sign, found[0][end:])


def _told(paper: Paper, number: int) -> Status | None:
    heads = paper.page.headings_between(number, number)
    found = read_title(heads[0].text) if heads else None
    return found.status if found else None


def _signs(paper: Paper, phases: Iterable[Phase]) -> Iterator[str]:
    for phase in phases:
        text = paper.text(phase.source.line).rstrip()
        found = _GLYPH.search(text) if _told(paper, phase.source.line) else None
        if found and found.end() == len(text):
            yield found[0]


def _sign(signs: Iterable[str], status: Status) -> str:
    """Return the author's sign of a state; what nobody began may have none."""
    seen = Counter(s for s in signs if READ[s[0]] == status)
    if seen:
        return seen.most_common(1)[0][0]
    return "" if status == "pending" else GLYPHS.get(status, "")


def _signed(text: str, old: re.Match[str], sign: str) -> str:
    """Put a sign in the place of another; without one the space before it goes too."""
    start, end = old.span()
    if not sign and text[end:].strip():
        end += len(text[end:]) - len(text[end:].lstrip())
    elif not sign:
        start = len(text[:start].rstrip())
    return text[:start] + sign + text[end:]


def write_story(paper: Paper, note: Note) -> bool:
    """Write the status of a story, below its heading or on its line.

    Returns:
        Whether it has one.
    """
    number, old = status_at(paper.page)
    if not number:
        return write_front(paper, note)
    raw = paper.line(number)
    at = raw.rfind(old.encode())
    if story_state(old) is None or at < 0:
        return False
    if story_state(old) != note.status:
        word = "done" if note.status == "completed" else WORDS[note.status]
        letters = "".join(c for c in old if c.isascii() and c.isalpha())
        new = cased(joined(word, old), letters).encode()
        paper.put(number, raw[:at] + new + raw[at + len(old.encode()) :])
    return True


def write_front(paper: Paper, note: Note) -> bool:
    """Write the ``status:`` of a page's front matter.

    Returns:
        Whether it has one.
    """
    if not paper.page.front.get("status"):
        return False
    for number in range(2, len(paper.raw) + 1):
        if paper.page.shade[number - 1] != _ABOVE:
            break
        if found := _FRONT.match(paper.line(number)):
            old = paper.page.front["status"]
            if read_status(old) != note.status:
                new = spell(note.status, old, (), paper)
                paper.put(number, found[1] + found[2] + new + found[4])
            return True
    return False


_ABOVE = 2
"""The shade of front matter."""
