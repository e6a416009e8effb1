"""The "Tasks / Subtasks" of a BMAD story: outermost boxes, or headings "Task 1"."""

import re
from collections.abc import Iterator, Sequence

from weighlock.plan import key
from weighlock.plan.dialects.items import item_files, item_kind
from weighlock.plan.markdown import Page
from weighlock.plan.model import Status
from weighlock.plan.outline import Added, Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean

_TASK = re.compile(
    r"(?P<indent>[ \t]*)(?:[-*+]|(?P<number>\d{1,2})[.)])[ \t]+\[(?P<mark>.?)\][ \t]+"
    r"(?P<text>\S.*)"
)
_NAME = re.compile(
    r"[*_`\s]*(?:Task\s*#?)?(?P<key>\d{1,3}(?:\.\d{1,3})?[a-z]?)[*_]*\s*[:.)–—-]+"
    r"[*_]*\s*(?P<title>.*)",
    re.IGNORECASE,
)
_CITES = re.compile(
    r"[(\[]([^()\[\]]*?\bACs?(?![a-z])[^()\[\]]*)[)\]]"
    r"|[–—-]\s*(ACs?\s*[:#]?\s*\d[\d, &and-]*)\Z",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,2})(?:\s*(?:-|–|to|through)\s*(?:AC\s*)?#?(\d{1,2}))?")
_LEAD = re.compile(
    r"\A\s*[-*+]?\s*(?:\[.?\])?\s*(?:\**(?:sub-?task|step)?\s*\d+(?:\.\d+)*[.:)]\**\s+)?",
    re.IGNORECASE,
)
_LINE = 2000

Start = tuple[int, str | None, str, str | None]
"""Line, key, text, character in the box or None."""


def tasks(page: Page, part: tuple[int, int], known: Sequence[str]) -> Iterator[Unit]:
    """Yield the tasks of a story as units.

    Args:
        page: The story.
        part: First and last line of the section that holds them.
        known: The ids of the acceptance criteria, which "(AC: All)" stands for.
    """
    first, last = part
    starts = _headed(page, first, last) or _boxed(page, first, last)
    for at, (line, name, text, mark) in enumerate(starts):
        end = starts[at + 1][0] - 1 if at + 1 < len(starts) else last
        items = [(n, plain(page.lines[n - 1])) for n in range(line + 1, end + 1)]
        state = _ticked(mark, [page.lines[n - 1] for n, _ in items])
        found = _NAME.match(text)
        cited, title = _cited(found["title"] if found else text, known)
        yield Unit(
            page=page,
            key=name or f"{at + 1:02d}",
            title=clean(title),
            first=line,
            last=end,
            status=state,
            status_text=f"[{mark}]" if mark is not None else "",
            added=Added(
                kind=item_kind(clean(title)),
                requirements=cited,
                files=item_files([(line, clean(title)), *items], page.file),
            ),
        )


def _headed(page: Page, first: int, last: int) -> list[Start]:
    """Return the headings that start tasks: "### Task 1: Set up (AC: 1)"."""
    found: list[Start] = []
    for heading in page.headings_between(first, last):
        text = re.sub(r"\A\[(.?)\]\s*", "", heading.text)
        if re.match(r"\W*Task\b", text, re.IGNORECASE) and (m := _NAME.match(text)):
            box = re.match(r"\[(.?)\]", heading.text)
            found.append(
                (heading.line, key.normal(m["key"]), text, box[1] if box else None)
            )
    return found


def _boxed(page: Page, first: int, last: int) -> list[Start]:
    boxes = [
        (n, m)
        for n in range(first, last + 1)
        if not page.shade[n - 1] and (m := _TASK.match(page.lines[n - 1][:_LINE]))
    ]
    depth = min((len(m["indent"].expandtabs(4)) for _, m in boxes), default=0)
    found: list[Start] = []
    for line, box in boxes:
        if len(box["indent"].expandtabs(4)) == depth:
            named = _NAME.match(box["text"])
            number = named["key"] if named else box["number"]
            name = key.normal(number) if number else None
            found.append((line, name, box["text"], box["mark"]))
    return _counted(found)


def _counted(found: list[Start]) -> list[Start]:
    """Number the tasks in order unless most of them carry a number."""
    if sum(name is not None for _, name, _, _ in found) * 2 > len(found):
        return found
    return [(n, f"{at:02d}", text, m) for at, (n, _, text, m) in enumerate(found, 1)]


def _ticked(mark: str | None, below: Sequence[str]) -> Status:
    """Return a task's state by its own box, else by the boxes below it."""
    if mark is not None:
        return read_status(f"[{mark}]") or "pending"
    marks = [m["mark"] for line in below if (m := _TASK.match(line[:_LINE]))]
    done = [m in {"x", "X"} for m in marks]
    if not done or not any(done):
        return "pending"
    return "completed" if all(done) else "in_progress"


def plain(line: str) -> str:
    """Return the words of a list item."""
    return _LEAD.sub("", line[:_LINE], count=1)


def _cited(text: str, known: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the criteria that "(AC: 1, 3)" cites, and the title without it."""
    found = _CITES.search(text)
    if not found:
        return (), text
    said = found[1] or found[2]
    title = f"{text[: found.start()]}{text[found.end() :]}".strip()
    after = re.sub(r"\A.*?\bAC", "", said, flags=re.IGNORECASE)
    if re.search(r"\ball\b", after, re.IGNORECASE):
        return tuple(known), title
    ids: dict[str, None] = {}
    for low, high in _RANGE.findall(after):
        ids.update((str(n), None) for n in range(int(low), int(high or low) + 1))
    return tuple(ids), title
