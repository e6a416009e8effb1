"""Comments in a plan's text that ask lint to be silent: what they hide, and if at all.

``<!-- weighlock: ignore WL405 -->`` on a line of its own covers the line below it, or
the whole fenced block that begins there; at the end of a line it covers that line.
Inside a fence ``# weighlock: ignore WL405`` does the same.  ``ignore-file`` covers its
file.  What follows the codes is the author's reason.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from posixpath import join, normpath

from weighlock.plan import markdown
from weighlock.plan.encoding import decode
from weighlock.plan.lint.names import named, near
from weighlock.plan.lint.report import BY_CODE, problem
from weighlock.plan.markdown import Page
from weighlock.plan.model import Plan, Problem, Source, Span

_MAYBE = re.compile(rb"weighlock:|w\0e\0i\0g\0h\0", re.IGNORECASE)
_SAYS = r"weighlock:[ \t]*(ignore(?:-file)?)(?![\w-])"
_COMMENT = re.compile(rf"<!--[ \t]*{_SAYS}(.*?)-->", re.IGNORECASE)
_IN_FENCE = re.compile(rf"(?:#|//|--)[ \t]*{_SAYS}(.*)", re.IGNORECASE)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_WORD = re.compile(r"[ \t,]*([A-Z]+\d[\w-]*|WL[\w-]*)(?![\w-])", re.IGNORECASE)
_FENCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One rule that a comment asks to be silent about."""

    word: str
    """The rule as the comment names it; empty when it names none."""
    code: str
    """Its whole code; empty when there is no such rule."""
    file: str
    """Normal path, as positions give it."""
    first: int
    last: int
    """Lines that are covered, inclusive."""
    at: Span
    """Where it stands."""

    def hides(self, found: Problem) -> bool:
        """Say whether a problem is one of those that are not to be reported."""
        where = found.source
        return (
            where is not None
            and found.code == self.code
            and self.first <= where.line <= self.last
            and normpath(where.file) == self.file
        )


def ignores(plan: Plan) -> tuple[Ignore, ...]:
    """Find the comments of a plan that ask for silence, in the order of its text."""
    spoken = [s for s in plan.sources if _MAYBE.search(s.data)]
    return tuple(one for source in spoken for one in _of(plan, source))


def heed(plan: Plan, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems that no comment of the plan hides."""
    wanted = ignores(plan)
    return tuple(p for p in problems if not any(i.hides(p) for i in wanted))


def idle(
    plan: Plan, problems: Collection[Problem], *, ground: bool
) -> Iterator[Problem]:
    """Report comments that hide nothing or name no rule.

    Args:
        plan: The plan.
        problems: All that was found in it.
        ground: Whether rules that ask for a repository were looked at.
    """
    for one in ignores(plan):
        if not one.code:
            yield _unknown(one)
        elif not any(map(one.hides, problems)) and _looked(one, ground=ground):
            yield problem(
                "WL905-idle-ignore", f"this comment hides no {one.code}", one.at
            )


def _looked(one: Ignore, *, ground: bool) -> bool:
    """Say whether the rule could have found something."""
    return ground or BY_CODE[one.code].ground is None


def _unknown(one: Ignore) -> Problem:
    if not one.word:
        said, hint = "this comment names no rule to ignore", "Name it: ignore WL405."
    else:
        said, meant = f"lint has no rule {one.word}", near(one.word)
        hint = f"Did you mean {meant}?" if meant else ""
    return problem("WL906-unknown-ignore", said, one.at, hint=hint)


def _of(plan: Plan, source: Source) -> Iterator[Ignore]:
    file = normpath(join(plan.root, source.path))
    given = {normpath(p.source.file): p.source.file for p in plan.phases}
    page = markdown.scan(given.get(file, file), decode(source.data).lines)
    for number, line in enumerate(page.lines, 1):
        if "weighlock" in line.lower():
            yield from _on(page, file, number, line)


def _on(page: Page, file: str, number: int, line: str) -> Iterator[Ignore]:
    inside = page.shade[number - 1] == _FENCE
    bare = line if inside else _CODE_SPAN.sub(lambda m: " " * len(m[0]), line)
    for found in (_IN_FENCE if inside else _COMMENT).finditer(bare):
        alone = not (bare[: found.start()] + bare[found.end() :]).strip()
        first, last = number, _below(page, number) if alone else number
        if found[1].lower() == "ignore-file":
            first, last = 1, len(page.lines)
        for word, offset in _words(found[2]):
            rule = named(word)
            column = found.start(2) + offset + 1
            yield Ignore(
                word=word,
                code=rule.code if rule else "",
                file=file,
                first=first,
                last=last,
                at=Span(file=page.file, line=number, column=column),
            )


def _words(text: str) -> list[tuple[str, int]]:
    """Return the rules at the beginning of a comment, with their offsets."""
    found, at = [], 0
    while word := _WORD.match(text, at):
        found.append((word[1], word.start(1)))
        at = word.end()
    return found or [("", 0)]


def _below(page: Page, number: int) -> int:
    """Return the last line that a comment on a line of its own covers."""
    lines = page.lines
    at = number + 1
    while at <= len(lines) and (not lines[at - 1].strip() or _another(lines[at - 1])):
        at += 1
    ends = [f.end for f in page.fences_between(at, at)]
    return max([at, *ends])


def _another(line: str) -> bool:
    """Say whether a line is nothing but one more such comment."""
    return not _COMMENT.sub("", line).strip()
