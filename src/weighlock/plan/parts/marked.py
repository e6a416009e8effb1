"""Phases that people mark without a heading: bold lines, boxes, HTML headings."""

import re
from collections.abc import Sequence

from weighlock.plan.markdown import Page
from weighlock.plan.outline import Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import Numbered, clean, read_title

_LINE = re.compile(
    r" {0,3}(?P<shape>(?:[-*+][ \t]+)?(?P<box>\[[ xX~/!-]\][ \t]+)?"
    r"(?:\*\*|__|<h[1-6][^>]{0,80}>|>[ \t]*#{1,6}[ \t]+)?)"
    r"(?P<text>[A-Za-z]{2,12}[ \t_-]{0,2}#?\d.{0,400})"
)
_CLOSE = re.compile(r"\*\*|__|</h[1-6]>")
_BARE = re.compile(r"[-*+]?\s*")
_ENOUGH = 2


def marked_units(page: Page) -> tuple[Unit, ...]:
    """Return the phases that lines of one shape mark, or none.

    A mark is bold, a box or an HTML heading with a unit word and a number; a plain
    list item is none, because tables of contents look like that.
    """
    families: dict[tuple[str, str], list[tuple[int, Numbered, str]]] = {}
    for number, line in enumerate(page.lines, 1):
        found = None if page.shade[number - 1] else _LINE.match(line)
        if not found or _BARE.fullmatch(found["shape"]):
            continue
        numbered = read_title(_CLOSE.split(found["text"], maxsplit=1)[0])
        if numbered and numbered.unit:
            shape = re.sub(r"\[.\]", "[]", found["shape"])
            entry = (number, numbered, (found["box"] or "").strip())
            families.setdefault((shape, numbered.unit), []).append(entry)
    best = max(
        families.values(), key=lambda f: len({n.key for _, n, _ in f}), default=[]
    )
    return tuple(_units(page, best)) if _many(best) else ()


def _many(found: Sequence[tuple[int, Numbered, str]]) -> bool:
    return len({numbered.key for _, numbered, _ in found}) >= _ENOUGH


def _units(page: Page, found: Sequence[tuple[int, Numbered, str]]) -> list[Unit]:
    after = [*(line for line, _, _ in found[1:]), len(page.lines) + 1]
    out = []
    for (line, numbered, box), end in zip(found, after, strict=True):
        heads = page.headings_between(line + 1, end)
        out.append(
            Unit(
                page=page,
                key=numbered.key,
                title=numbered.title or clean(page.lines[line - 1]),
                first=line,
                last=(heads[0].line if heads else end) - 1,
                status=numbered.status or (read_status(box) if box else None),
                status_text=box,
            )
        )
    return out
