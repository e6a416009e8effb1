"""Show what was seen in the form that was asked for, on stdout or in a file."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from weighlock import __version__
from weighlock.cli.context import Globals
from weighlock.cli.linting.look import Seen
from weighlock.cli.writing.replace import replace_file
from weighlock.views.problems import lines_of, summary, text
from weighlock.views.text import Style, count

FORMS = ("text", "json", "sarif", "github")
_NAMED = 3


def show(seen: Seen, form: str, globals_: Globals, output: Path | None) -> None:
    """Write the problems as data or text; what people are told goes to stderr."""
    told = _FORMS[form](seen, _style(globals_, output))
    if output is None:
        sys.stdout.write(told)
        sys.stdout.flush()
    else:
        replace_file(output, told.encode("utf-8", "surrogateescape"))
    if form in {"text", "github"} or output is not None:
        _tell(seen, globals_)


def _tell(seen: Seen, globals_: Globals) -> None:
    for error in seen.unread:
        click.echo(f"weighlock: {error}", err=True)
    if seen.skipped:
        globals_.say(f"skipped {_skipped(seen.skipped)}")
    hidden = sum(one.hidden for one in seen.plans)
    plans, curable = len(seen.plans), _fixable(seen)
    globals_.say(summary(seen.problems, plans, fixable=curable, hidden=hidden))


def _fixable(seen: Seen) -> int:
    if not any(one.problems for one in seen.plans):
        return 0
    from weighlock.cli.linting.mend import fixable

    return fixable(seen.plans)


def _skipped(paths: tuple[Path, ...]) -> str:
    named = ", ".join(p.as_posix() for p in paths[:_NAMED])
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f"{count(len(paths), 'file')} without phases: {named}{more}"


def _style(globals_: Globals, output: Path | None) -> Style:
    import shutil

    if output is not None:
        return Style(width=104)
    wide = shutil.get_terminal_size((104, 24)).columns
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return Style(color=globals_.colored(), ascii=encoding == "ascii", width=wide)


def _text(seen: Seen, style: Style) -> str:
    return "".join(
        text(one.problems, lines_of(one.plan) if one.problems else {}, style)
        for one in seen.plans
    )


def _json(seen: Seen, _: Style) -> str:
    import json

    from weighlock.views.problems.data import as_json

    return json.dumps(as_json(seen.problems), ensure_ascii=False) + "\n"


def _github(seen: Seen, _: Style) -> str:
    from weighlock.views.problems.github import as_github

    return as_github(seen.problems, relative=_relative(seen))


def _sarif(seen: Seen, _: Style) -> str:
    import json

    from weighlock.views.problems.sarif import as_sarif

    lines = {k: v for one in seen.plans for k, v in lines_of(one.plan).items()}
    log = as_sarif(seen.problems, lines, version=__version__, relative=_relative(seen))
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _relative(seen: Seen) -> Callable[[str], str]:
    """Return how a file is named relative to the repository that its plan lies in."""
    homes = {h.top: h for h in (one.home for one in seen.plans)}.values()

    def relative(file: str) -> str:
        names = (home.relative(file) for home in homes)
        return next((n for n in names if not Path(n).is_absolute()), file)

    return relative


_FORMS: dict[str, Callable[[Seen, Style], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
}
