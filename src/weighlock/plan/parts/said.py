"""Files that a phase's sentences speak of: they may change, and no list demands it.

"Move `a` to `b`", "Update `tests/test_x.py` for the new signature", a table of old and
new paths, ``git mv`` in a block of commands.  Who writes so expects the change; what
else changes is not told, so these files close no scope.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from weighlock.plan.files import path_of, ticked_paths
from weighlock.plan.lines import Line
from weighlock.plan.markdown import cells
from weighlock.plan.model import Action, FileAction, Span

_NOT_WORK = frozenset(
    {"aside", "keep", "needs", "prerequisites", "requirements", "said"}
)
_TO = r"\s*(?:→|->|=>|\b(?:to|into|as)\b)\s*"
_MOVE = re.compile(
    r"\b(?:mov(?:e[sd]?|ing)|renam(?:e[sd]?|ing))\b[\s:*]{1,4}(?:[a-z]+ ){0,3}?"
    rf"(?P<old>`[^`\s]+`(?:(?:\s*,|\s+and|,\s+and)\s*`[^`\s]+`){{0,9}}){_TO}`(?P<new>[^`\s]+)`"
    r"|(?P<one>`[^`\s]+`)[^`(]{0,20}\((?:to be )?(?:mov|renam)\w+\s+"
    r"(?:→|->|to|into|as)\s*`(?P<there>[^`\s]+)`",
    re.IGNORECASE,
)
_ARROW = re.compile(r"(?P<old>`[^`\s]+`)\s*(?:→|->|=>)\s*`(?P<new>[^`\s]+)`")
"""An entry of "Files to move"."""
_MOVES = re.compile(r"\b(?:move|rename)[sd]?\b|\b(?:mov|renam)ing\b", re.IGNORECASE)
_GIT_MV = re.compile(r"git\s+mv\s+(?:-\S+\s+)*(\S+)\s+([^\s;&|]+)")
_FROM = re.compile(r"(?:from|old|current|before|source)(?: (?:path|file|location))?")
_INTO = re.compile(
    r"(?:to|new|target|after|destination|moved to)(?: (?:path|file|location))?"
)
_CHANGE = re.compile(
    r"[\W\d]{0,8}(?:\*\*)?(?:(?:step \d+|then|and|now|also)[:,]?\s+)?(?:"
    r"(?P<create>create)|(?P<modify>modify|update|edit|change|extend|rewrite|regenerate"
    r"|refactor|adapt|adjust)|(?P<delete>delete|remove))\b[\s:*]{1,4}"
    r"(?:(?:the|existing|new|old|tests?|file|module|in) ){0,3}(?=`)",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"(?:\A[\W\d]{0,8}|[.;,:(]\s*|\b(?:and|then|also|to)\s+)"
    r"(?:test|add|extend|update|change|adjust|adapt|rewrite|cover)\s[^`.;]{1,80}"
    r"(?:`[^`]*`[^`.;]{1,40}){0,3}?\b(?:in|to|of)\s+(?=`[^`\s]+`)",
    re.IGNORECASE,
)
"""A change inside a file: "test JPY in `tests/test_currency.py`"."""
_ENTRY = re.compile(
    r"[\W\d]{0,8}(?P<path>`[^`\s]+`)\s*(?::|—|–|-)\s+(?=(?:\w+ ){0,3}(?:add|updat|chang"
    r"|extend|rewrit|adapt|adjust|renam|new|test (?:that|for)|tests?\b|cases?\b))",
    re.IGNORECASE,
)
"""An entry of a list: "`tests/test_a.py`: two tests"."""
_STAYS = re.compile(
    r"\b(?:existing|stays?|keep|kept|green|pass\w*|read|see|reference|must|already)\b",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"\b(?:not|never|n't|without|unchanged|untouched|optional(?:ly)?|may|might|unless"
    r"|if (?:any|needed|necessary|required|it|there|missing|present))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"\s+(?:from|in|into|to|inside|under|on)\b", re.IGNORECASE)
_LONG = 1000


def said_files(
    lines: Sequence[Line], commands: Iterable[tuple[int, str]], file: str
) -> Iterator[FileAction]:
    """Yield the files that sentences, tables of moves and ``git mv`` name, once each.

    Args:
        lines: The phase's lines.
        commands: Its shell commands with their lines, those that only act included.
        file: The plan's file, for the positions.
    """
    moved = [*_moves(lines), *_git(commands)]
    gone = {path for _, path, action in moved if action == "delete"}
    seen: set[tuple[str, Action]] = set()
    for number, path, action in (*moved, *_changes(lines)):
        stays = action == "modify" and path in gone
        if not stays and (path, action) not in seen:
            seen.add((path, action))
            span = Span(file=file, line=number)
            yield FileAction(path=path, action=action, source=span)


_Named = tuple[int, str, Action]


def _moves(lines: Sequence[Line]) -> Iterator[_Named]:
    yield from _tables(lines)
    listed = False
    for line in lines:
        if line.heading or (line.label and not line.item):
            listed = bool(_MOVES.search(line.label or line.text))
        if line.topic in _NOT_WORK:
            continue
        text = line.text[:_LONG]
        for found in (
            *_MOVE.finditer(text),
            *(_ARROW.finditer(text) if listed else ()),
        ):
            if not _PERHAPS.search(text[max(0, found.start() - 20) : found.start()]):
                named = [word for word in found.groups() if word]
                olds = re.findall(r"`([^`]+)`", named[0])
                yield from _moved(line.number, olds, named[1])


def _tables(lines: Sequence[Line]) -> Iterator[_Named]:
    """Read tables whose head says from where and to where."""
    above, columns = 0, None
    for line in lines:
        if not line.text.startswith("|"):
            continue
        row = [cell.strip("`* ") for cell in cells(line.text)]
        if line.number != above + 1:
            columns = _columns(row)
        elif columns and max(columns) < len(row):
            yield from _moved(line.number, [row[columns[0]]], row[columns[1]])
        above = line.number


def _columns(head: Sequence[str]) -> tuple[int, int] | None:
    names = [name.lower() for name in head]
    old = next((i for i, n in enumerate(names) if _FROM.fullmatch(n)), None)
    new = next((i for i, n in enumerate(names) if _INTO.fullmatch(n)), None)
    return None if old is None or new is None else (old, new)


def _git(commands: Iterable[tuple[int, str]]) -> Iterator[_Named]:
    for number, text in commands:
        for found in _GIT_MV.finditer(text):
            yield from _moved(number, [found[1]], found[2])


def _moved(number: int, olds: Iterable[str], new: str) -> Iterator[_Named]:
    """Say what a move does: one path is gone, and another is there."""
    for old in olds:
        source, target = path_of(old), path_of(new)
        if source is None or target is None or not source.strip("/"):
            continue
        name = source.rstrip("/").rpartition("/")[2]
        folder = target.endswith("/") or ("." in name and "." not in target)
        yield number, source, "delete"
        yield number, f"{target.rstrip('/')}/{name}" if folder else target, "create"


def _changes(lines: Sequence[Line]) -> Iterator[_Named]:
    for line in lines:
        text = line.text[:_LONG]
        if line.topic in _NOT_WORK or "`" not in text or _PERHAPS.search(text):
            continue
        first = _CHANGE.match(text)
        if first is not None:
            action = next(a for a in _ACTIONS if first[a])
            yield from _run(line, text[first.end() :], action)
        entry = _ENTRY.match(text) if line.item and not _STAYS.search(text) else None
        if entry is not None:
            yield from _run(line, entry["path"], "modify")
        for found in _WITHIN.finditer(text):
            yield from _run(line, text[found.end() :], "modify")


_ACTIONS: tuple[Action, ...] = ("create", "modify", "delete")


def _run(line: Line, text: str, action: Action) -> Iterator[_Named]:
    named = ticked_paths(text)
    if not named or (action != "modify" and _ELSEWHERE.match(named[-1][1])):
        return
    for path, _ in named:
        yield line.number, path, action
