"""Write a report as markdown, for a pull request or a terminal."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from weighlock.views.report.blocks import (
    Beside,
    Block,
    Code,
    Figure,
    Fold,
    Heading,
    Items,
    Para,
    Said,
    Span,
    Table,
    Tiles,
    Words,
)
from weighlock.views.text import clean

_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_LEADING = re.compile(r"^(\s*\d*)([#>+=.)-])")
"""What makes a heading, a list or a quotation at the start of a line."""
_AROUND = {"strong": "**", "bad": "**", "you": "**", "phantom": "**"}


def mark(blocks: Iterable[Block]) -> str:
    """Return a whole markdown document."""
    return _all(blocks).strip() + "\n"


def _all(blocks: Iterable[Block]) -> str:
    return "".join(_WRITERS[type(b)](b) for b in blocks)


def escaped(text: str) -> str:
    """Make a foreign text plain words of one line: no markup, HTML or links."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def code(text: str) -> str:
    """Write a text as code that ends where it is meant to end."""
    text = clean(text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if "`" in text else ""
    return f"{fence}{gap}{text}{gap}{fence}" if text else ""


def _words(words: Words) -> str:
    return "".join(escaped(w) if isinstance(w, str) else _span(w) for w in words)


def _span(span: Span) -> str:
    if not span.text:
        return ""
    if span.look == "code":
        return code(span.text)
    around = _AROUND.get(span.look, "")
    return f"{around}{escaped(span.text)}{around}"


def _heading(b: Heading) -> str:
    return f"\n{'#' * b.level} {escaped(b.text)}\n\n"


def _para(b: Para) -> str:
    return f"{_words(b.words)}\n\n"


def _items(b: Items) -> str:
    return "".join(f"- {_words(i)}\n" for i in b.items) + "\n"


def _table(b: Table) -> str:
    rows = [b.columns, ("---",) * len(b.columns)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines += [f"| {' | '.join(_cell(c) for c in row)} |" for row in b.rows]
    return "\n".join(lines) + "\n\n"


def _cell(words: Words) -> str:
    # inside a table a bar ends the cell even in code
    return "".join(
        _span(w).replace("|", "\\|")
        if isinstance(w, Span) and w.look == "code"
        else _words((w,))
        for w in words
    )


def _code(b: Code) -> str:
    lines = "\n".join(clean(line) for line in b.text.splitlines())
    longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{lines}\n{fence}\n\n"


def _said(b: Said) -> str:
    lines = [f"> {escaped(line)}".rstrip() for line in b.text.splitlines()]
    return "\\\n".join(lines) + "\n\n" if lines else ""


def _figure(b: Figure) -> str:
    del b
    return ""


def _tiles(b: Tiles) -> str:
    return ", ".join(f"**{n}** {escaped(word)}" for n, word, _ in b.tiles) + "\n\n"


def _beside(b: Beside) -> str:
    return "".join(
        f"**{escaped(title)}**\n\n{_all(blocks)}" for title, blocks in (b.left, b.right)
    )


def _fold(b: Fold) -> str:
    return f"\n### {_words(b.title)}\n\n{_all(b.blocks)}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Heading: _heading,
    Para: _para,
    Items: _items,
    Table: _table,
    Code: _code,
    Said: _said,
    Figure: _figure,
    Tiles: _tiles,
    Beside: _beside,
    Fold: _fold,
}
