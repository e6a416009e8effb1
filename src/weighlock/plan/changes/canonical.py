"""Plan text without what must not count as a change.

Left out are line ends, spaces at the end of a line, the number of empty lines, and
everything that weighlock itself writes into a plan: ticked boxes, status and date
cells, status lines and glyphs, checkpoints, logs of blockers and remediations.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from weighlock.plan import markdown
from weighlock.plan.markdown import Page, Table
from weighlock.plan.splice.checkpoints import SECTION
from weighlock.plan.splice.logs import LOGS
from weighlock.plan.splice.tracker import columns_of
from weighlock.plan.status import GLYPHS, read_status
from weighlock.plan.titles import STATE

_BOX = re.compile(
    r"\A([\s>]*(?:[-*+]|\d+[.)]|#{1,6}(?=[ \t]+\[[ xX]\][ \t]))\s+)\[[^\]]\]"
)
_SAID = re.compile(
    r"\A(\s*(?:[-*+]\s+)?(?:\*\*|__)?(?:current |phase )?"
    r"(?:status|state|completed|started|verified|finished_at|completed_at)"
    r"(?:\*\*|__)?\s*:)(.*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'("status"\s*:\s*)"[^"]*"')
_SPRINT = re.compile(r"\A(\s+\d{1,3}-\d{1,3}-[\w-]+:)\s*[\w -]*\w(?=\s*(?:#|\Z))")
_STAMP = re.compile(r"\s*\(\d{4}-\d{2}-\d{2}(?:[ T][\d:]+Z?)?\)")
_STORY = re.compile(r"\W*status\W*\Z", re.IGNORECASE)
_SHORT = 60
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\b")
_SIGNS = re.compile(f"[ \t]*[{''.join(GLYPHS)}]\ufe0f?")


def canonical(lines: Sequence[str]) -> tuple[str, ...]:
    """Return what counts of these lines."""
    page = markdown.scan("", tuple(lines))
    tables = dict(_rows(page))
    left_out = set(_sections(page))
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        if number in left_out or _states(line, page.shade[number - 1]):
            continue
        shown = tables.get(number)
        plain = _plain(line, page.shade[number - 1]) if shown is None else shown
        if plain or (out and out[-1]):
            out.append(plain)
    while out and not out[-1]:
        out.pop()
    return tuple(out)


def _states(line: str, shade: int) -> bool:
    """Say whether a line says a state or a date and no more: it may come and go."""
    found = None if shade == 1 else _SAID.match(line.lstrip("#"))
    if found and shade:  # front matter, whatever word its author had for a state
        return True
    said = found[2].strip("*_ ") if found else ""
    return 0 < len(said) < _SHORT and bool(read_status(said) or _DAY.match(said))


def _plain(line: str, shade: int) -> str:
    line = line.rstrip()
    if shade == 1:  # inside a fence every word counts, but for a status in YAML or JSON
        return _QUOTED.sub(r"\1", line)
    if _BOX.match(line):
        line = _STAMP.sub("", _BOX.sub(r"\1[ ]", line), count=1)
    line = _QUOTED.sub(r"\1", _SAID.sub(r"\1", line))
    line = _SPRINT.sub(r"\1", line)
    if line.startswith("#"):
        found = STATE.search(line)
        line = line[: found.start()] if found else line
    return _SIGNS.sub("", line).rstrip()


def _rows(page: Page) -> Iterator[tuple[int, str]]:
    """Yield the rows of status tables without the cells that weighlock writes."""
    for table in page.tables:
        columns = columns_of(table)
        if "status" not in columns:
            continue
        written = set(columns.values())
        for row in table.rows:
            cells = (c for n, c in enumerate(row.cells) if n not in written)
            yield row.line, _SIGNS.sub("", " | ".join(cells)).strip()
        yield table.line + 1, ""  # the ruler follows the widths of the cells


def _sections(page: Page) -> Iterator[int]:
    """Yield the lines of checkpoints, of a story's status, of the rows of logs."""
    for at, head in enumerate(page.headings):
        below = page.headings[at + 1 :]
        end = next((h.line for h in below if h.level <= head.level), 0)
        end = end or len(page.lines) + 1
        if SECTION.match(head.text):
            yield from range(head.line, end)
        elif _STORY.match(head.text):
            yield from _status(page, head.line, end)
        elif LOGS.match(head.text):
            yield from _logged(page.tables, head.line, end)


def _status(page: Page, first: int, last: int) -> Iterator[int]:
    """Yield the first line below a heading "Status", if it is no more than a state."""
    numbers = (n for n in range(first + 1, last) if page.lines[n - 1].strip())
    for number in islice(numbers, 1):
        text = page.lines[number - 1]
        if len(text) < _SHORT and read_status(text):
            yield number


def _logged(tables: Sequence[Table], first: int, last: int) -> Iterator[int]:
    for table in tables:
        if first < table.line < last:
            yield from (row.line for row in table.rows)
