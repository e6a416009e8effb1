"""Rules on shell commands: what cannot run, cannot fail, or finds itself."""

import re
from collections.abc import Iterator

from weighlock.plan.lint.book import Block, Book
from weighlock.plan.lint.commands.shell_grammar import syntax_error
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Command, Form, Phase, Problem, Span

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
_LABEL = re.compile(r"\s*(?:echo|printf|true|:|#)(?:\s|\Z)")
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
            yield from _check(command)


def _syntax(block: Block) -> Iterator[Problem]:
    text = "\n".join(_typed(line) for line in block.lines)
    error = syntax_error(text)
    if error is not None:
        line = min(block.line + error.line - 1, block.line + len(block.lines) - 1)
        yield problem(
            "WL401-shell-syntax",
            f"a shell cannot parse this block: {error.why}",
            block.span(max(line, block.line)),
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


def _check(command: Command) -> Iterator[Problem]:
    text, form = command.text.strip(), command.expect.form
    last = text.split("\n")[-1]
    end = Span(
        file=command.source.file,
        line=command.source.line + text.count("\n"),
        column=command.source.column,
    )
    found = _SWALLOWED.search(last)
    if found and form in _BY_STATUS and "\n" not in text and not _PREPARES.match(text):
        yield problem(
            "WL402-check-cannot-fail",
            f"this check cannot fail: it ends with {found[0].strip()}",
            end,
        )
    if (
        form == "default"
        and "\n" not in text
        and _COUNT.search(last)
        and not _kept(last)
    ):
        yield problem(
            "WL403-vacuous-count",
            "this counts lines, and nothing says how many there should be",
            end,
        )


def _kept(text: str) -> bool:
    """Say whether a count goes somewhere: into a variable or a comparison."""
    return bool(re.match(r"\s*(?:\w+=|export\s|local\s|test\s|\[)", text))
