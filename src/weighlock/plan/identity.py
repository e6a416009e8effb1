"""The author's own ids of plans and phases."""

import re
from collections import Counter
from collections.abc import Iterable

from weighlock.plan import key
from weighlock.plan.markdown import Page

_PLAN = re.compile(
    r"\b(PLAN-[A-Za-z0-9](?:[\w-]*?[A-Za-z0-9])?)(?=\.P?\d|[^\w.-]|\.?$|\.\W|\.[A-Z])"
)
_STATED = re.compile(
    r"(?:plan|feature)[ _-]?id\W{1,6}([A-Z][\w-]*\d[\w-]*)", re.IGNORECASE
)
_TEMPLATE = re.compile(r"YYYY|FEATURE|XXX|NNN|NAME|EXAMPLE|\bID\b")
_LONG = 2000
_PHASE = re.compile(r"\b(PLAN-[\w-]+|[A-Z][\w-]+)\.(P\d+(?:\.\d+)?[a-zA-Z]?)\b")


def plan_id(pages: Iterable[Page]) -> str:
    """Return the plan id that is used most often, or nothing.

    One with a digit goes first; one without has to be used twice and to be no example
    out of a template.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        for line in page.lines:
            if "PLAN-" in line:
                counts.update(_PLAN.findall(line[:_LONG]))
    real = {name: n for name, n in counts.items() if any(c.isdigit() for c in name)}
    if real:
        return max(real, key=lambda name: real[name])
    named = {n: c for n, c in counts.items() if c > 1 and not _TEMPLATE.search(n)}
    return max(named, key=lambda name: named[name], default="")


def phase_id(page: Page, *, limit: int = 30) -> tuple[str, str] | None:
    """Return (id, key) from a ``Phase ID`` section near the top of a page."""
    for heading in page.headings[:6]:
        if "id" not in heading.text.lower().split() or heading.line > limit:
            continue
        for line in page.lines[heading.line : heading.line + 4]:
            if found := _PHASE.search(line):
                number = key.normal(found[2])
                return (found[0], number) if number else None
    return None
