"""Check-boxes: of a phase, of its steps, of a group of phases, of documents."""

import re
from collections.abc import Iterable, Iterator

from weighlock.plan import key
from weighlock.plan.model import Phase, Plan
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper

_BOX = re.compile(
    rb"\A([\s>]*(?:#{1,6}|[-*+]|\d+[.)])\s+\[)([ \t]*|[xX~/>!-]|\xe2\x98[\x90\x91]"
    rb"|\xe2\x9c[\x85\x93\x94]|\xe2\xac\x9c)(\])"
)
_TICKS = frozenset([b"x", b"X", *(c.encode() for c in "☑✅✓✔")])
_STAMP = re.compile(
    rb"(\s+\()\d{4}-\d{2}-\d{2}(?P<time>[ T]\d{2}:\d{2}(?::\d{2})?)?(?P<zone>Z)?(\))"
)
_ITEM = re.compile(
    r"\s*[-*+]\s+\[[^\]]\](?:\\?\*)?\s+\**(?:(?:Task|Phase)\s+)?(\d+(?:\.\d+)*)[.:)]?\s"
)
_UPDATE = re.compile(
    r"(?=.*\b(?:docs?|documents?|documentation|spine)\b)(?=.*\bupdat)|updates?\s+needed",
    re.IGNORECASE,
)


def tick(paper: Paper, number: int, *, done: bool = True) -> None:
    """Tick the box at the start of a line, or take the tick away."""
    if ticked(paper, number) is (not done):
        mark(paper, number, b"x" if done else b" ")


def ticked(paper: Paper, number: int) -> bool | None:
    """Say whether the box at the start of a line is ticked; None without a box."""
    if not 0 < number <= len(paper.raw):
        return None
    found = _BOX.match(paper.line(number))
    return found[2] in _TICKS if found else None


def mark(paper: Paper, number: int, sign: bytes) -> None:
    """Put a sign into the box at the start of a line."""
    line = paper.line(number)
    if found := _BOX.match(line):
        paper.put(number, found[1] + sign + line[found.end(2) :])


def set_box(paper: Paper, number: int, note: Note) -> None:
    """Let the box of a phase say what a box can say: done, or not."""
    done, was = note.status == "completed", ticked(paper, number)
    if was is not None and (was is not done or not done):
        mark(paper, number, b"x" if done else b" ")


def set_dated(paper: Paper, number: int, rows: Iterable[int], note: Note) -> None:
    """Let a box say what it can, with the day where other ticked boxes have it."""
    done, was = note.status == "completed", ticked(paper, number)
    if was is None or was is done:
        return
    mark(paper, number, b"x" if done else b" ")
    found, line = _BOX.match(paper.line(number)), paper.line(number)
    if found is None:
        return
    stamp = _STAMP.match(line, found.end())
    if not done and stamp:
        paper.put(number, line[: stamp.start()] + line[stamp.end() :])
    elif done and not stamp and (like := _stamp(paper, rows)):
        day = note.date + (f" {note.at[11:16]}" if like["time"] else "")
        said = like[1] + day.encode() + (like["zone"] or b"") + like[4]
        paper.put(number, line[: found.end()] + said + line[found.end() :])


def _stamp(paper: Paper, rows: Iterable[int]) -> re.Match[bytes] | None:
    """Return the date of the first ticked box among these lines that has one."""
    for number in rows:
        line = paper.line(number)
        found = _BOX.match(line)
        if found and found[2] in _TICKS and (stamp := _STAMP.match(line, found.end())):
            return stamp
    return None


def tick_groups(paper: Paper, plan: Plan, phase: Phase, note: Note) -> None:
    """Tick the boxes above a phase when all below them are done, else empty them."""
    states = {p.key: p.status for p in plan.phases} | {phase.key: note.status}
    above = key.parent(phase.key)
    while above:
        below = [s for name, s in states.items() if _stands_below(name, above)]
        for number in () if above in states else _lines(paper, above):
            tick(paper, number, done=all(s == "completed" for s in below))
        above = key.parent(above)


def _stands_below(name: str, above: str) -> bool:
    up = key.parent(name)
    while up and up != above:
        up = key.parent(up)
    return bool(up)


def _lines(paper: Paper, wanted: str) -> Iterator[int]:
    """Yield the lines of the box with this number; a phase has its own line."""
    for number in range(1, len(paper.raw) + 1):
        if paper.page.shade[number - 1]:
            continue
        found = _ITEM.match(paper.text(number))
        if found and key.normal(found[1]) == wanted:
            yield number


def tick_steps(paper: Paper, numbers: Iterable[int], note: Note) -> None:
    """Tick the boxes of the steps when all is done; empty them when nothing is.

    In between they stay as they are: nobody has looked at one step alone.
    """
    if note.status in {"completed", "pending"}:
        for number in numbers:
            set_box(paper, number, note)


def below(paper: Paper, phase: Phase) -> Iterator[int]:
    """Yield the lines of a phase that are text, without its first."""
    last = min(phase.source.end_line or len(paper.raw), len(paper.raw))
    for number in range(phase.source.line + 1, last + 1):
        if not paper.page.shade[number - 1]:
            yield number


def tick_documents(paper: Paper, documents: Iterable[str]) -> None:
    """Tick the boxes of updated documents, below a heading that asks for updates."""
    wanted = tuple(documents)
    heads = paper.page.headings
    for at, head in enumerate(heads):
        if not _UPDATE.search(head.text):
            continue
        end = heads[at + 1].line if at + 1 < len(heads) else len(paper.raw) + 1
        for number in range(head.line + 1, end):
            named = re.findall(r"`([^`]+)`", paper.text(number))
            if any(_same(name, path) for name in named for path in wanted):
                tick(paper, number)


def _same(name: str, path: str) -> bool:
    return name == path or path.endswith(f"/{name}") or name.endswith(f"/{path}")
