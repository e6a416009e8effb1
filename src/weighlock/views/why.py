"""Say why a phase is not done: the chain to the root cause, and what to type."""

import textwrap
from collections.abc import Iterable

from weighlock.views.chain import Link, Why, explain
from weighlock.views.state import GROUPS, Row, mark
from weighlock.views.text import Style, clean, clip, columns, count, label, plain

__all__ = ["Why", "explain", "text"]

_DEPTH = 5
"""Links of an unbranched chain that are drawn before its middle is left out."""


def text(why: Why, style: Style) -> str:
    """Return the tree, then what to type."""
    head = why.links[why.phase]
    lines = [_headline(head.row, style)]
    stack = [(why.phase, 0)]
    while stack:
        key, depth = stack.pop()
        link = why.links[key]
        indent = "  " + "    " * depth
        if depth:
            lines.append(_branch(link, depth, style))
        for said in (*link.because, *link.advice):
            lines += _wrapped(indent + "  ", said, style)
        below = link.below
        if len(below) == 1 and depth >= _DEPTH:
            below, left_out = _skip(why, below)
            if left_out:
                said = f"... {count(left_out, 'phase')} in between"
                lines.append(style.paint(indent + said, "dim"))
        stack += [(k, depth + 1) for k in reversed(below)]
    return "\n".join([*lines, *_closing(why, style)])


def _headline(row: Row, style: Style) -> str:
    title = clip(row.title, style.width - 30, style)
    return f"{style.paint(label(row.key), 'strong')} {title} is {_word(row, style)}."


def _word(row: Row, style: Style) -> str:
    tone = GROUPS[row.word][1]
    again = f", attempt {row.attempt}" if row.attempt > 1 else ""
    return style.paint(f"{mark(row.word, style)} {row.word}", tone) + again


def _branch(link: Link, depth: int, style: Style) -> str:
    row = link.row
    lead = "    " * (depth - 1) + "  " + ("`- " if style.ascii else "└ ")
    said = f"waits for {label(row.key)} "
    tail = f" ({_word(row, style)})"
    # colours take no columns
    bare = f" ({mark(row.word, style)} {row.word}, attempt 10)"
    room = style.width - columns(lead + said + bare)
    return f"{lead}{said}{clip(row.title, max(room, 10), style)}{tail}"


def _wrapped(indent: str, said: str, style: Style) -> list[str]:
    room = max(24, style.width - len(indent) - 2)
    lines = textwrap.wrap(plain(clean(said), style), room, break_on_hyphens=False)
    hanging = ["- " + line if not i else "  " + line for i, line in enumerate(lines)]
    return [indent + line for line in hanging]


def _skip(why: Why, below: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Go down an unbranched chain to its end; return it and how many were passed."""
    left_out = 0
    while len(below) == 1 and len(why.links[below[0]].below) == 1:
        below = why.links[below[0]].below
        left_out += 1
    return below, left_out


def _closing(why: Why, style: Style) -> Iterable[str]:
    if why.state in {"passed", "skipped"}:
        return ()
    ends = (f"The run {why.ends}.",) if why.ends else ()
    if not why.next:
        return ("Nothing for you to do.", *ends)
    typed = (f"  {style.paint(command, 'live')}" for command in why.next)
    return ("What you can do:", *typed)
