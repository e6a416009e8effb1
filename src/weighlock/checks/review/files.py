"""The changed files, line by line with numbers, for a reviewer who cannot open any."""

from collections.abc import Iterator, Sequence

from weighlock.checks.review.diffs import LARGE, bare
from weighlock.checks.subject import Subject

_GAP = "   …"
_EDGE = 7
"""Characters of a number, what parts it from its line, and the line's end."""


def numbered(subject: Subject, limit: int) -> str:
    """Return what the changed files say now, without comments.

    A file that is too long for its share is shown around what is new in it.

    Args:
        subject: What was delivered.
        limit: Characters of all of it, about; short files leave theirs to long ones.
    """
    work = [c.path for c in subject.work() if c.path in subject.new.paths]
    texts = {path: _lines(subject, path) for path in work}
    shown: dict[str, str] = {}
    left = limit
    for path in sorted(work, key=lambda p: _length(texts[p])):
        share = left // (len(work) - len(shown))
        shown[path] = "\n".join(_file(subject, path, texts[path], share))
        left -= len(shown[path])
    return "\n\n".join(shown[path] for path in work)


def _lines(subject: Subject, path: str) -> list[str]:
    data = subject.new.read(path) or b""
    if len(data) > LARGE or b"\0" in data:
        return []
    return bare(path, data.decode(errors="replace")).splitlines()


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + _EDGE for line in lines)


def _file(
    subject: Subject, path: str, lines: Sequence[str], share: int
) -> Iterator[str]:
    yield f"{path}, {len(lines)} lines"
    last = 0
    for number in sorted(_chosen(lines, subject.old.text(path), share)):
        if number > last + 1:
            yield _GAP
        yield f"{number:>4}  {lines[number - 1]}"
        last = number
    if last < len(lines):
        yield _GAP


def _chosen(lines: Sequence[str], before: str, share: int) -> list[int]:
    """Return the numbers of the lines to show: those nearest to a new one."""
    numbers = list(range(1, len(lines) + 1))
    if _length(lines) > share:
        known = frozenset(before.splitlines())
        far = _distances([line not in known for line in lines])
        numbers.sort(key=lambda n: far[n - 1])
    chosen, left = [], share
    for number in numbers:
        left -= len(lines[number - 1]) + _EDGE
        if left < 0:
            break
        chosen.append(number)
    return chosen


def _distances(new: Sequence[bool]) -> list[int]:
    """Return how many lines away from a new one each line is."""
    found = [len(new)] * len(new)
    for order in (range(len(new)), reversed(range(len(new)))):
        away = len(new)
        for at in order:
            away = 0 if new[at] else away + 1
            found[at] = min(found[at], away)
    return found
