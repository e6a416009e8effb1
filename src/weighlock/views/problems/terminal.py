"""Problems as people read them: place, rule, the line with a caret, what to do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from posixpath import join, normpath

from weighlock.plan.encoding import decode
from weighlock.plan.model import Plan, Problem
from weighlock.views.text import Style, clean, columns, count, plain

_TONES = {"error": "bad strong", "warning": "you", "info": "live"}
_WIDEST = 100
_NARROWEST = 40
_INDENT = "    "
_TAB = "    "


def lines_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the lines of a plan's files under the names that positions use."""
    return {
        normpath(join(plan.root, s.path)): decode(s.data).lines for s in plan.sources
    }


def text(
    problems: Sequence[Problem],
    lines: Mapping[str, Sequence[str]],
    style: Style | None = None,
) -> str:
    """Show each problem as ``file:line:col: severity code message``.

    Below it stand the line it is about, with a caret, and what to do.  A hint that
    many problems of one kind share is shown with the first of them only, and so is
    a line that several problems in a row are about.
    """
    style = style or Style(width=_WIDEST + len(_INDENT))
    out: list[str] = []
    told: set[tuple[str, str]] = set()
    shown = None
    for problem in problems:
        out.append(_headline(problem, style))
        if problem.source != shown:
            out.extend(_excerpt(problem, lines, style))
        shown = problem.source
        if problem.hint and (problem.code, problem.hint) not in told:
            told.add((problem.code, problem.hint))
            hint = f"hint: {plain(clean(problem.hint), style)}"
            out.append(_INDENT + style.paint(hint, "dim"))
    return "".join(f"{line}\n" for line in out)


def summary(
    problems: Sequence[Problem], plans: int, *, fixable: int = 0, hidden: int = 0
) -> str:
    """Return one line that counts: ``2 errors, 1 warning in 1 plan``."""
    counts = Counter(str(p.severity) for p in problems)
    names = (("error", "error"), ("warning", "warning"), ("info", "note"))
    named = [count(counts[s], name) for s, name in names if counts[s]]
    more = [f"{hidden} ignored"] if hidden else []
    more += [f"{fixable} can be fixed with --fix"] if fixable else []
    told = f"{', '.join(named) or 'no problems'} in {count(plans, 'plan')}"
    return "; ".join([told, *more])


def _headline(problem: Problem, style: Style) -> str:
    where = f"{problem.source}: " if problem.source else ""
    severity = style.paint(problem.severity, _TONES[problem.severity])
    words = plain(clean(problem.message), style)
    return f"{style.paint(clean(where), 'strong')}{severity} {problem.code} {words}"


def _excerpt(
    problem: Problem, lines: Mapping[str, Sequence[str]], style: Style
) -> list[str]:
    """Return the line of a problem and a caret under its column."""
    where = problem.source
    if where is None:
        return []
    page = lines.get(normpath(where.file), ())
    if not 0 < where.line <= len(page) or not page[where.line - 1].strip():
        return []
    raw = page[where.line - 1].rstrip()
    indent = len(raw) - len(raw.lstrip())
    at = min(max(where.column - 1, indent), len(raw))
    room = max(min(style.width - len(_INDENT), _WIDEST), _NARROWEST)
    start, end = _window(raw, indent, at, room)
    dots = plain("…", style)
    before, after = dots if start > indent else "", dots if end < len(raw) else ""
    left = before + _shown(raw[start:at], style)
    caret = style.paint("^", _TONES[problem.severity])
    whole = f"{left}{_shown(raw[at:end], style)}{after}"
    return [f"{_INDENT}{whole}", f"{_INDENT}{' ' * columns(left)}{caret}"]


def _window(raw: str, indent: int, at: int, room: int) -> tuple[int, int]:
    """Return which part of a line fits the room, so that the column is in it."""
    if columns(raw[indent:]) <= room:
        return indent, len(raw)
    room -= 2
    start = at if columns(raw[indent:at]) > room // 2 else indent
    while start > indent and columns(raw[start - 1 : at]) <= room // 2:
        start -= 1
    end = at
    while end < len(raw) and columns(raw[start : end + 1]) <= room:
        end += 1
    return start, end


def _shown(words: str, style: Style) -> str:
    """Expand tabs and take control characters out, so that no plan moves the cursor."""
    return plain(clean(words.replace("\t", _TAB)), style)
