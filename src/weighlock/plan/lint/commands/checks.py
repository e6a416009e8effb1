"""Rules on shell commands: what cannot run, cannot fail, or finds itself."""

import re
from collections.abc import Iterator

from weighlock.plan.lint.book import Block, Book
from weighlock.plan.lint.calls import Word
from weighlock.plan.lint.commands.shell_grammar import syntax_error
from weighlock.plan.lint.report import problem
from weighlock.plan.lint.structure.placeholders import template_text
from weighlock.plan.model import Command, Form, Kind, Phase, Problem

_SWALLOWED = re.compile(
    r"\|\|\s*(?:true|:|echo\b[^|&;]*|exit\s+0)\s*\)?\s*\Z|;\s*(?:true|exit\s+0)\s*\Z"
)
_COUNT = re.compile(r"\|\s*wc\s+(?:-l|--lines)\s*\Z")
_PREPARES = re.compile(
    r"\s*(?:sudo\s+)?(?:rm|mkdir|kill|pkill|killall|cp|mv|touch|cd|unset|export|source"
    r"|docker\s+(?:rm|stop|kill|compose\s+down)|git\s+(?:worktree|branch|checkout|stash)"
    r")\b|.*\|\s*xargs\s+kill\b"
)
"""What sets a place up or clears it away: no check, so it may well fail quietly."""
_LABEL = re.compile(r"\s*(?:echo|printf|true|:|#)(?:\s[^|&;]*)?\Z")
_GIVES_UP = re.compile(r"\b(?:exit|return)\s+[1-9]|\bfalse\b|\bdie\b")
_STORES = re.compile(r"\s*(?:export\s+|local\s+|readonly\s+)?\w+=[\"']?\$\(")
_MEASURES: frozenset[Kind] = frozenset({"preflight", "design"})
"""Phases that count in order to know, not in order to judge."""
_BY_STATUS: frozenset[Form] = frozenset({"default", "pass", "exit", "prose"})
"""Expectations that the exit code answers; the others are compared with output."""


def checks(book: Book) -> Iterator[Problem]:
    """Yield what is wrong with the commands of every phase."""
    for phase in book.plan.phases:
        for block in book.blocks(phase):
            if block.shell and block.language:
                yield from _syntax(block)
        yield from _labels(phase)
        for command in phase.commands:
            if "\n" not in command.text:
                yield from _swallowed(book, phase, command)
                if phase.kind not in _MEASURES:
                    yield from _counted(command)


def _syntax(block: Block) -> Iterator[Problem]:
    text = "\n".join(_typed(line[block.indent :]) for line in block.lines)
    error = syntax_error(text)
    if error is not None:
        line = min(block.line + error.line - 1, block.line + len(block.lines) - 1)
        unfilled = template_text(block.lines[max(line, block.line) - block.line])
        yield problem(
            "WL401-shell-syntax",
            f"a shell cannot parse this block: {error.why}",
            block.span(max(line, block.line)),
            hint=f"write what {unfilled[0].strip()} stands for" if unfilled else "",
        )


def _typed(line: str) -> str:
    """Take the prompt off a line that was copied from a terminal."""
    return line.removeprefix("$ ")


def _labels(phase: Phase) -> Iterator[Problem]:
    """Report a phase all of whose commands only print words."""
    if phase.commands and all(_LABEL.match(c.text) for c in phase.commands):
        yield problem(
            "WL402-check-cannot-fail",
            f"phase {phase.key} has no command that can fail: they only print words",
            phase.commands[0].source,
        )


def _swallowed(book: Book, phase: Phase, command: Command) -> Iterator[Problem]:
    """Report a check whose end succeeds whatever came before."""
    text, form = command.text.strip(), command.expect.form
    found = _SWALLOWED.search(text)
    if not found or form not in _BY_STATUS:
        return
    excused = _PREPARES.match(text) or _STORES.match(text) or _GIVES_UP.search(text)
    words = re.sub(r"\A\W*echo\W*|\W+\Z", "", found[0])
    if not excused and not (words and words in command.expect.text):
        yield problem(
            "WL402-check-cannot-fail",
            f"this check cannot fail: it ends with {found[0].strip()}",
            book.point(phase, command, Word(found[0].strip(), 0)),
        )


def _counted(command: Command) -> Iterator[Problem]:
    """Report a count that is compared with nothing."""
    text = command.text.strip()
    if command.expect.form == "default" and _COUNT.search(text) and not _kept(text):
        yield problem(
            "WL403-vacuous-count",
            "this counts lines, and no comment says how many there should be",
            command.source,
        )


def _kept(text: str) -> bool:
    """Say whether a count goes somewhere: into a variable or a comparison."""
    return bool(re.match(r"\s*(?:\w+=|export\s|local\s|test\s|\[)", text))
