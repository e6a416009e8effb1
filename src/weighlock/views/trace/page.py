"""A trace as one HTML file: it loads nothing, and is filtered without a server.

The filter by state is style alone; the search is a few lines of script, and where no
script runs the page shows no search.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files

from weighlock.run.trace.model import Place, Row, Served, State, Trace
from weighlock.views.signs import sign
from weighlock.views.text import clean, label
from weighlock.views.trace.words import (
    SIGNS,
    TONES,
    changed,
    counts,
    head,
    name,
    node,
    ranked,
    title,
    where,
)

_KINDS = {
    "requirement": "Requirements",
    "phase": "Phases",
    "pseudocode": "Pseudocode",
    "orphan": "Ids that only markers know",
}
_LISTED = 6
"""Places that are shown at once; the rest is folded."""


def page(trace: Trace) -> str:
    """Return the whole document."""
    here = files(__package__)
    style = (files("weighlock.views.report") / "style.css").read_text("utf-8")
    style += (here / "trace.css").read_text("utf-8") + _filters(trace)
    script = (here / "search.js").read_text("utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )
    name_ = _text(trace.title or trace.plan)
    return (
        "<!doctype html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="generator" content="weighlock">'
        f"<title>{name_} - trace</title>\n<style>\n{style}</style></head>\n"
        f"<body><main>\n<h1>{name_}</h1>\n"
        f'<p class="soft">{_text(head(trace))}</p>\n{_choice(trace)}'
        f"{''.join(_part(kind, trace) for kind in _KINDS)}"
        f"</main><script>{script}</script></body></html>\n"
    )


def _text(text: str) -> str:
    return escape(clean(text))


def _filters(trace: Trace) -> str:
    return "".join(
        f"main:has(#state-{state}:not(:checked)) tr.{state} {{ display: none; }}\n"
        for state in counts(trace.rows)
    )


def _choice(trace: Trace) -> str:
    """Return one box for each state that occurs; what is fine is shown too."""
    boxes = "".join(
        f'<label class="{TONES[state]}"><input type="checkbox" id="state-{state}" '
        f"checked> {SIGNS[state].glyph} {state} <b>{number}</b></label>"
        for state, number in counts(trace.rows).items()
    )
    told = f'<fieldset class="states"><legend>Show</legend>{boxes}</fieldset>\n'
    return told + '<p class="search" hidden></p>\n'


def _part(kind: str, trace: Trace) -> str:
    rows = [r for r in ranked(trace.rows) if r.kind == kind]
    if not rows:
        return ""
    columns = ("Id", "State", "Phases", "Code", "Tests")
    top = "".join(f'<th scope="col">{c}</th>' for c in columns)
    body = "".join(_row(row) for row in rows)
    return (
        f'<h2 id="{kind}">{_KINDS[kind]}</h2>\n<div class="scroll" role="region" '
        f'tabindex="0" aria-label="{_KINDS[kind]}"><table><thead><tr>{top}</tr></thead>'
        f"<tbody>\n{body}</tbody></table></div>\n"
    )


def _row(row: Row) -> str:
    mark, text = SIGNS[row.state], f'<div class="soft">{_text(title(row))}</div>'
    state = f'<span class="{_tone(row.state)}">{mark.glyph} {mark.word}</span>'
    notes = [row.why, f"justified: {row.justified}" if row.justified else ""]
    why = "".join(f'<div class="soft">{_text(n)}</div>' for n in notes if n)
    cells = (
        ("Id", f"<b>{_text(name(row))}</b>{text if row.text else ''}"),
        ("State", state + why),
        ("Phases", "".join(_phase(one) for one in row.served)),
        ("Code", _places((*row.code, *row.documents))),
        ("Tests", _places(row.tests)),
    )
    shown = "".join(
        f'<td data-column="{column}"{"" if cell else " class=empty"}>{cell}</td>'
        for column, cell in cells
    )
    return f'<tr class="{row.state}">{shown}</tr>\n'


def _tone(state: State) -> str:
    return {"dim": "soft"}.get(TONES[state], TONES[state])


def _phase(one: Served) -> str:
    mark = sign(one.stage)
    commit = f" <code>{_text(one.commit[:10])}</code>" if one.commit else ""
    return f"<div>{_text(label(one.phase))} {mark.glyph} {mark.word}{commit}</div>"


def _places(places: Iterable[Place]) -> str:
    shown = [_place(place) for place in places]
    rest = "".join(shown[_LISTED:])
    fold = f"<details><summary>{len(shown) - _LISTED} more</summary>{rest}</details>"
    return "".join(shown[:_LISTED]) + (fold if rest else "")


def _place(place: Place) -> str:
    facts = [_text(node(place)), _text(changed(place))]
    if place.result:
        tone = "good" if place.result == "passed" else "bad"
        facts.append(f'<span class="{tone}">{place.result}</span>')
    if place.wrong:
        facts.append(f'<span class="you">{place.wrong}</span>')
    about = " · ".join(f for f in facts if f)
    return f'<div class="place"><code>{_text(where(place))}</code> {about}</div>'
