"""Show the problems of a plan: text with the line and a caret, JSON, GitHub."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from posixpath import join, normpath

from weighlock.plan.encoding import decode
from weighlock.plan.model import Plan, Problem

SCHEMA = "weighlock/problems/1"
_COLORS = {"error": "31", "warning": "33", "info": "36"}
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_WIDEST = 100
_TAB = 4


def document(problems: Sequence[Problem]) -> dict[str, object]:
    """Return the problems as data (schema ``weighlock/problems/1``)."""
    return {"schema": SCHEMA, "problems": [_entry(p) for p in problems]}


def _entry(problem: Problem) -> dict[str, object]:
    where = problem.source
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "source": where
        and {"file": where.file, "line": where.line, "column": where.column},
    }


def lines_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the lines of a plan's files under the names that positions use."""
    return {
        normpath(join(plan.root, s.path)): decode(s.data).lines for s in plan.sources
    }


def text(
    problems: Sequence[Problem],
    lines: Mapping[str, Sequence[str]],
    *,
    color: bool = False,
) -> str:
    """Show each problem as ``file:line:col: severity code message``.

    Below it stand the line it is about, with a caret, and what to do.  A hint that
    many problems of one kind share is shown with the first of them only, and so is
    a line that several problems in a row are about.
    """
    out: list[str] = []
    told: set[tuple[str, str]] = set()
    shown = None
    for problem in problems:
        out.append(_headline(problem, color=color))
        if problem.source != shown:
            out.extend(_excerpt(problem, lines, color=color))
        shown = problem.source
        if problem.hint and (problem.code, problem.hint) not in told:
            told.add((problem.code, problem.hint))
            out.append(f"    hint: {problem.hint}")
    return "".join(f"{line}\n" for line in out)


def summary(problems: Sequence[Problem], plans: int) -> str:
    """Return one line that counts: ``2 errors, 1 warning in 1 plan``."""
    counts = Counter(str(p.severity) for p in problems)
    named = [
        _counted(counts[severity], name)
        for severity, name in (("error", "error"), ("warning", "warning"))
        if counts[severity]
    ]
    if counts["info"]:
        named.append(_counted(counts["info"], "note"))
    return f"{', '.join(named) or 'no problems'} in {_counted(plans, 'plan')}"


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _headline(problem: Problem, *, color: bool) -> str:
    where = f"{problem.source}: " if problem.source else ""
    severity, code = problem.severity, problem.code
    if color:
        severity_text = f"\x1b[{_COLORS[severity]};1m{severity}\x1b[0m"
        return f"\x1b[1m{where}\x1b[0m{severity_text} {code} {problem.message}"
    return f"{where}{severity} {code} {problem.message}"


def _excerpt(
    problem: Problem, lines: Mapping[str, Sequence[str]], *, color: bool
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
    at = max(where.column - 1, indent)
    start = max(0, at - _WIDEST // 2) if len(raw) > _WIDEST else min(indent, at)
    before = "…" if start > indent else ""
    shown = raw[start : start + _WIDEST]
    after = "…" if start + _WIDEST < len(raw) else ""
    caret = " " * _width(before + raw[start:at]) + "^"
    if color:
        caret = f"\x1b[{_COLORS[problem.severity]}m{caret}\x1b[0m"
    return [f"    {before}{_printable(shown)}{after}", f"    {caret}"]


def _printable(words: str) -> str:
    """Expand tabs and take control characters out, so that no plan moves the cursor."""
    out = []
    for char in words:
        if char == "\t":
            out.append(" " * _TAB)
        elif unicodedata.category(char) == "Cc":
            out.append("�")
        else:
            out.append(char)
    return "".join(out)


def _width(words: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(map(_columns, words))


def _columns(char: str) -> int:
    if char == "\t":
        return _TAB
    if unicodedata.combining(char) or char == "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def github(problems: Sequence[Problem]) -> str:
    """Write workflow commands that GitHub turns into annotations."""
    return "".join(f"{_annotation(p)}\n" for p in problems)


def _annotation(problem: Problem) -> str:
    properties = {"title": problem.code}
    if problem.source:
        where = problem.source
        properties = {
            "file": where.file,
            "line": str(where.line),
            "col": str(where.column),
            **properties,
        }
    listed = ",".join(f"{k}={_escaped(v, ':,')}" for k, v in properties.items())
    message = problem.message + (f"\n{problem.hint}" if problem.hint else "")
    return f"::{_LEVELS[problem.severity]} {listed}::{_escaped(message)}"


def _escaped(value: str, more: str = "") -> str:
    for char in "%\r\n" + more:
        value = value.replace(char, f"%{ord(char):02X}")
    return value
