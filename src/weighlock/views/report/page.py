"""Write a report as one HTML file that needs nothing else."""

from collections.abc import Callable, Iterable
from html import escape
from importlib.resources import files
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

# nothing can be loaded or run, whatever an agent's text tries
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, blocks: Iterable[Block]) -> str:
    """Return a whole HTML document."""
    listed = tuple(blocks)
    style = (files(__package__) / "style.css").read_text("utf-8")
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="generator" content="weighlock">'
        f"<title>{_text(title)}</title>\n<style>\n{style}</style></head>\n"
        f"<body><main>\n{_contents(listed)}{_all(listed)}</main></body></html>\n"
    )


def _contents(blocks: Iterable[Block]) -> str:
    found = [b for b in blocks if isinstance(b, Heading) and b.level == 2]  # noqa: PLR2004
    links = " ".join(
        f'<a href="#{b.anchor}">{b.anchor.capitalize()}</a>' for b in found if b.anchor
    )
    return f'<nav aria-label="Parts of this report">{links}</nav>\n'


def _all(blocks: Iterable[Block]) -> str:
    return "".join(_WRITERS[type(b)](b) for b in blocks)


def _text(text: str) -> str:
    return escape(clean(text))


def _words(words: Words) -> str:
    return "".join(_text(w) if isinstance(w, str) else _span(w) for w in words)


def _span(span: Span) -> str:
    said = _text(span.text)
    place = f' id="{escape(span.place)}"' if span.place else ""
    if span.look == "code":
        said = f"<code>{said}</code>"
    elif span.look == "strong":
        said = f"<b{place}>{said}</b>"
    elif span.look:
        said = f'<span class="{span.look}">{said}</span>'
    return f'<a href="#{escape(span.link)}">{said}</a>' if span.link else said


def _heading(b: Heading) -> str:
    anchor = f' id="{escape(b.anchor)}"' if b.anchor else ""
    return f"<h{b.level}{anchor}>{_text(b.text)}</h{b.level}>\n"


def _para(b: Para) -> str:
    look = f' class="{b.look}"' if b.look else ""
    return f"<p{look}>{_words(b.words)}</p>\n"


def _items(b: Items) -> str:
    return f"<ul>{''.join(f'<li>{_words(i)}</li>' for i in b.items)}</ul>\n"


def _table(b: Table) -> str:
    head = "".join(f'<th scope="col">{_text(c)}</th>' for c in b.columns)
    body = "".join(
        f"<tr>{''.join(_cell(c, n) for c, n in zip(row, b.columns, strict=True))}</tr>"
        for row in b.rows
    )
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{_text(b.label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n"
    )


def _cell(words: Words, column: str) -> str:
    # the column's name is shown beside the cell where the screen is narrow
    empty = "" if any(words) else ' class="empty"'
    return f'<td data-column="{_text(column)}"{empty}>{_words(words)}</td>'


def _code(b: Code) -> str:
    return f"<pre><code>{_lines(b.text)}</code></pre>\n"


def _said(b: Said) -> str:
    return f"<blockquote>{_lines(b.text)}</blockquote>\n"


def _lines(text: str) -> str:
    return "\n".join(_text(line) for line in text.splitlines())


def _figure(b: Figure) -> str:
    caption = f"<figcaption>{_text(b.caption)}</figcaption>"
    return f'<figure><div class="scroll">{b.svg}</div>{caption}</figure>\n'


def _tiles(b: Tiles) -> str:
    tiles = "".join(
        f'<li class="{look}"><b>{_text(number)}</b> {_text(word)}</li>'
        for number, word, look in b.tiles
    )
    return f'<ul class="tiles">{tiles}</ul>\n'


def _beside(b: Beside) -> str:
    sides = "".join(
        f"<section><h4>{_text(title)}</h4>{_all(blocks)}</section>"
        for title, blocks in (b.left, b.right)
    )
    return f'<div class="beside tone-{b.tone or "none"}">{sides}</div>\n'


def _fold(b: Fold) -> str:
    anchor = f' id="{escape(b.anchor)}"' if b.anchor else ""
    shown = " open" if b.open else ""
    tone = f' class="tone-{b.tone}"' if b.tone else ""
    return (
        f"<details{anchor}{tone}{shown}><summary><h3>{_words(b.title)}</h3></summary>\n"
        f"<div>{_all(b.blocks)}</div></details>\n"
    )


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
