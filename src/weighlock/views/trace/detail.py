"""One row with everything about it, and what a line of code serves."""

from collections.abc import Iterable, Iterator, Sequence

from weighlock.run.trace.model import Place, Row
from weighlock.views.signs import sign
from weighlock.views.text import Style, clean, clip, label
from weighlock.views.trace.words import SIGNS, TONES, changed, name, node, title, where


def detail(row: Row, style: Style | None = None) -> str:
    """Show a row: text, state, phases with their evidence, code, tests."""
    style = style or Style()
    mark = SIGNS[row.state]
    word = style.paint(f"{mark.plain if style.ascii else mark.glyph} {mark.word}",
                       TONES[row.state])  # fmt: skip
    lines = [
        f"{style.paint(clean(name(row)), 'strong')}  {word}: {clean(row.why)}",
        *(f"  {clean(line)}" for line in row.text.splitlines() if line.strip()),
        *([f"  justified: {clean(row.justified)}"] if row.justified else []),
        *([f"  {row.source.file}:{row.source.line}"] if row.source else []),
        *_phases(row, style),
        *_places("code", row.code, style),
        *_places("tests", row.tests, style),
        *_places("documents", row.documents, style),
    ]
    return "\n".join(lines) + "\n"


def _phases(row: Row, style: Style) -> Iterator[str]:
    if row.served:
        yield ""
        yield "phases"
    for one in row.served:
        mark = sign(one.stage)
        facts = [
            f"{mark.plain if style.ascii else mark.glyph} {mark.word}",
            f"verdict {one.verdict}" if one.verdict else "",
            f"commit {one.commit[:10]}" if one.commit else "",
            f"evidence {one.evidence.removeprefix('sha256:')[:12]}"
            if one.evidence
            else "",
        ]
        yield f"  {label(one.phase)}  {'  '.join(f for f in facts if f)}"


def _places(what: str, places: Sequence[Place], style: Style) -> Iterator[str]:
    if places:
        yield ""
        yield what
    for place in places:
        commit = place.changed.commit[:10] if place.changed.answer == "yes" else ""
        facts = (
            where(place),
            node(place),
            f"{changed(place)} {commit}".strip(),
            place.result,
            place.wrong,
        )
        yield f"  {clip('  '.join(f for f in facts if f), style.width - 2, style)}"


def serving(
    found: Iterable[tuple[Row, Place]], spot: str, style: Style | None = None
) -> str:
    """Say what a line serves, the smallest piece of code first."""
    style = style or Style()
    lines = [f"{clean(spot)} serves"]
    for row, place in found:
        mark = SIGNS[row.state]
        glyph = mark.plain if style.ascii else mark.glyph
        word = style.paint(f"{glyph} {mark.word:<9}", TONES[row.state])
        by = f"by {where(place)}" + (f" {node(place)}" if node(place) else "")
        lines.append(f"  {word}  {clean(name(row))}  {clip(title(row), 60, style)}")
        facts = "  ".join(s for s in (by, changed(place)) if s)
        lines.append(style.paint(f"    {clip(facts, style.width - 4, style)}", "dim"))
    return "\n".join(lines) + "\n"
