"""A plan's files as pages, for the rules that look at the text itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath

from weighlock.plan import markdown
from weighlock.plan.encoding import decode
from weighlock.plan.lint.calls import Word
from weighlock.plan.lint.ground import Ground
from weighlock.plan.markdown import Page
from weighlock.plan.model import Command, Phase, Plan, Span
from weighlock.plan.shell import SHELL, looks_like_shell


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a phase; ``line`` is its first line of content."""

    phase: Phase
    page: Page
    line: int
    lines: tuple[str, ...]
    language: str
    shell: bool
    indent: int = 0
    """Blanks that a list item puts before every line."""

    def span(self, line: int = 0, column: int = 1) -> Span:
        """Return a position; without a line, the block's first one."""
        return Span(file=self.page.file, line=line or self.line, column=column)


@dataclass(frozen=True, slots=True)
class Book:
    """A plan, and its files scanned; positions are those of the plan."""

    plan: Plan
    pages: dict[str, Page]
    """Files that hold phases, by normal path."""
    beside: tuple[Page, ...]
    """The other files: specification, overview, tracker, …"""
    ground: Ground | None = None
    """What the repository holds, when somebody looked."""

    def page(self, phase: Phase) -> Page | None:
        """Return the page that a phase stands on."""
        return self.pages.get(normpath(phase.source.file))

    def lines(self, phase: Phase) -> Iterator[tuple[int, str]]:
        """Yield the lines of a phase with their numbers."""
        page = self.page(phase)
        if page is not None:
            first, last = phase.source.line, phase.source.end_line or len(page.lines)
            yield from enumerate(page.lines[first - 1 : last], max(first, 1))

    def point(self, phase: Phase, command: Command, word: Word) -> Span:
        """Return the place of a word of a command."""
        line = command.source.line + command.text.count("\n", 0, word.at)
        page = self.page(phase)
        text = page.lines[line - 1] if page and line <= len(page.lines) else ""
        found = text.find(word.text, command.source.column - 1)
        column = found + 1 if found >= 0 else command.source.column
        return Span(file=command.source.file, line=line, column=column)

    def blocks(self, phase: Phase) -> Iterator[Block]:
        """Yield the outer fenced blocks of a phase."""
        page = self.page(phase)
        if page is None:
            return
        last = phase.source.end_line or len(page.lines)
        for fence in page.fences:
            if fence.outer and phase.source.line <= fence.line <= last:
                end = fence.end - 1 if fence.closed else fence.end
                body = page.lines[fence.line : end]
                bare = not fence.language and looks_like_shell(body)
                shell = fence.language in SHELL or bare
                line = fence.line + 1
                opened = page.lines[fence.line - 1]
                indent = _indent(body, len(opened) - len(opened.lstrip(" ")))
                yield Block(phase, page, line, body, fence.language, shell, indent)


def _indent(body: tuple[str, ...], most: int) -> int:
    """Return how many blanks every line of a block has, up to those of its fence."""
    lead = (len(line) - len(line.lstrip(" ")) for line in body if line.strip())
    return min((most, *lead))


def open_book(plan: Plan, ground: Ground | None = None) -> Book:
    """Scan the markdown files of a plan once."""
    names = {normpath(p.source.file): p.source.file for p in plan.phases}
    pages, beside = {}, []
    for source in plan.sources:
        file = normpath(join(plan.root, source.path))
        page = markdown.scan(names.get(file, file), decode(source.data).lines)
        if file in names:
            pages[file] = page
        elif not source.path.startswith(".completed/"):
            beside.append(page)
    return Book(plan, pages, tuple(beside), ground)
