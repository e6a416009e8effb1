"""Show a trace: as a whole or one question of it, on the terminal or into a file."""

import difflib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.context import Globals
from weighlock.cli.tracing.asked import Traced
from weighlock.cli.writing.replace import replace
from weighlock.errors import NothingToDo, UsageError
from weighlock.run.trace.model import Row
from weighlock.run.trace.query import at as serving_at
from weighlock.views import trace as views
from weighlock.views.text import Style

_SUFFIXES = {
    ".json": "json",
    ".html": "html",
    ".htm": "html",
    ".csv": "csv",
    ".reqif": "reqif",
    ".xml": "reqif",
}
_SPOT = re.compile(r"(.+):(\d{1,9})(?::\d+)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of a trace, and how."""

    form: str | None = None
    output: Path | None = None
    requirement: str | None = None
    phase: str | None = None
    at: str | None = None

    @property
    def format(self) -> str | None:
        """Return the form that is asked for by word, or by the output's name."""
        suffix = self.output.suffix.lower() if self.output else ""
        return self.form or _SUFFIXES.get(suffix)

    @property
    def asks(self) -> bool:
        """Say whether one question is asked, and not for the whole."""
        return (self.requirement, self.phase, self.at) != (None, None, None)


def show(globals_: Globals, found: Traced, shown: Shown) -> None:
    """Write what is asked for to stdout, or to the file that is named.

    Raises:
        UsageError: There is no such requirement, phase or line.
        NothingToDo: The line serves nothing.
    """
    form = shown.format or ("json" if globals_.json else "text")
    if shown.asks:
        said = _answer(globals_, found, shown, form)
    else:
        said = _FORMS[form](found, _style(globals_, shown.output))
    if shown.output is None:
        sys.stdout.write(said)
        return
    _write(shown.output, said)
    globals_.say(f"wrote {shown.output}")


def _style(globals_: Globals, output: Path | None) -> Style:
    if output is not None:
        return Style(width=100)
    width = shutil.get_terminal_size((80, 24)).columns
    glyphs = "utf" in (sys.stdout.encoding or "").lower()
    return Style(color=globals_.colored(), ascii=not glyphs, width=max(width, 60))


def _json(found: Traced, rows: Iterable[Row] | None = None) -> str:
    return json.dumps(views.data(found.trace, rows), ensure_ascii=False) + "\n"


def _reqif(found: Traced, style: Style) -> str:
    from weighlock.cli.clock import SystemClock
    from weighlock.views.text import stamp

    del style
    return views.reqif(found.trace, stamp(SystemClock().now()))


_FORMS: dict[str, Callable[[Traced, Style], str]] = {
    "text": lambda found, style: views.text(found.trace, style),
    "json": lambda found, _: _json(found),
    "html": lambda found, _: views.page(found.trace),
    "csv": lambda found, _: views.csv_table(found.trace),
    "reqif": _reqif,
}


def _answer(globals_: Globals, found: Traced, shown: Shown, form: str) -> str:
    if form not in {"text", "json"}:
        raise UsageError(
            f"one answer is shown as text or json, not as {form}",
            hint=f"leave the question out to get all of it as {form}",
        )
    style = _style(globals_, shown.output)
    if shown.at is not None:
        path, line = _spot(found, shown.at)
        pairs = serving_at(found.trace, path, line)
        if form == "json":
            return _json(found, dict.fromkeys(row for row, _ in pairs))
        if not pairs:
            raise NothingToDo(
                f"{path}:{line} stands under no marker of this plan",
                hint=f"who wrote it: git log -L {line},{line}:{path}",
            )
        return views.serving(pairs, f"{path}:{line}", style)
    rows = _rows(found, shown)
    if form == "json":
        return _json(found, rows)
    return "\n".join(views.detail(row, style) for row in rows)


def _spot(found: Traced, given: str) -> tuple[str, int]:
    """Read ``FILE:LINE``; a file is named as seen from here, or from the top.

    Raises:
        UsageError: It is not of that form, or there is no such file.
    """
    said = _SPOT.match(given)
    if said is None:
        raise UsageError(f"--at {given!r} names no line", hint="--at src/bucket.py:12")
    path, line = said[1], int(said[2])
    inside = found.site.inside(Path(path)) if Path(path).exists() else None
    name = inside or Path(path).as_posix()
    marked = {p.unit.path for row in found.trace.rows for p in row.places}
    if name not in marked and not (found.site.root / name).exists():
        near = difflib.get_close_matches(name, marked, n=1)
        raise UsageError(
            f"there is no file {path}",
            hint=f"did you mean {near[0]}?" if near else "name it from the top",
        )
    return name, line


def _rows(found: Traced, shown: Shown) -> list[Row]:
    wanted: list[Row] = []
    if shown.requirement is not None:
        wanted.append(row_of(found, "requirement", shown.requirement))
    if shown.phase is not None:
        from weighlock.cli.planned import phase_of

        key = phase_of(found.plan, shown.phase).key
        wanted.append(row_of(found, "phase", key))
        wanted += [
            row
            for row in found.trace.rows
            if row.kind == "requirement" and key in {s.phase for s in row.served}
        ]
    return wanted


def row_of(found: Traced, kind: str, id_: str) -> Row:
    """Return a row by its id; letters may be of either case.

    Raises:
        UsageError: There is none.
    """
    known = {r.id: r for r in found.trace.rows if r.kind == kind}
    folded = {name.casefold(): row for name, row in known.items()}
    row = known.get(id_) or folded.get(id_.casefold())
    if row is None:
        near = difflib.get_close_matches(id_, known, n=1)
        there = ", ".join(list(known)[:8]) or "none"
        raise UsageError(
            f"the plan has no {kind} {id_!r}",
            hint=f"did you mean {near[0]}?" if near else f"it has: {there}",
        )
    return row


def _write(output: Path, text: str) -> None:
    try:
        replace(output, text.encode())
    except OSError as error:
        raise UsageError(
            f"cannot write: {error.strerror}",
            where=str(output),
            hint="choose another place with --output",
        ) from error
