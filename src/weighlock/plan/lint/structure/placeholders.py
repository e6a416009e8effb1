"""Rules on template text that was never filled in."""

import re
from collections.abc import Iterator

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Command, Problem, Span

_WORDS = (
    r"(?:args?|author|branch|change|class|command|commit|component|count|crate|date|dep"
    r"|dependency|description|dir|directory|endpoint|expected|feature|file|files|filename"
    r"|folder|function|hash|id|ids|issue|item|key|list|message|method|module|name|new"
    r"|number|option|package|page|path|paths|pattern|phase|plan|port|pr|project|reason"
    r"|repo|requirement|scope|service|sha|spec|step|symbol|tag|task|team|test|tests|text"
    r"|ticket|time|timestamp|title|tool|type|url|user|username|value|version|word|your"
    r"|modified|created|previous|actual|insert|some|the)"
)
_PHRASE = rf"(?:[\w./-]+[ _-])*{_WORDS}(?:[ _-][\w./-]+)*"
_ANGLES = re.compile(rf"(?<![\w<&])<({_PHRASE})>(?!\()", re.IGNORECASE)
_SQUARES = re.compile(
    rf"(?<![\w$\])\\[^])\[({_PHRASE})\](?![\w(\[+*?{{])", re.IGNORECASE
)
_COUNTERS = re.compile(
    r"\bP(?:NN|XX|##|N(?!\w))|\bREQ-[\w-]*XX+\b|YYYY-MM-DD|\bFEAT-XXX\b"
)
_PATHS = re.compile(r"(?<![\w])/?path/to/[\w./-]*")
_DOTS = re.compile(r"\s\.\.\.\s*\Z")
_TELLS = re.compile(r"\s*(?:echo|printf|print|pass|fail|say|log|info|warn|error)\s")
"""Programs that only show words to people."""
_TITLE = re.compile(
    r"\A\s*(?:\[[^\]]+\]|<[^>]+>|\{\{.+\}\}|TBD|TODO|\.\.\.|…)\s*\Z", re.IGNORECASE
)
_PATH = re.compile(
    r"\[(?:list|path|file)[^\]]*\]|<[a-z][\w -]*>|\{\{.+\}\}|(?:\A|/)path/to/"
    r"|\A\.\.\.\Z"
)


def placeholders(book: Book) -> Iterator[Problem]:
    """Yield template text in titles, planned files and commands."""
    for phase in book.plan.phases:
        if _TITLE.match(phase.title):
            yield problem(
                "WL108-placeholder",
                f"the title of phase {phase.key} is still template text: {phase.title}",
                phase.source,
            )
        for file in phase.files:
            if _PATH.search(file.path):
                yield problem(
                    "WL108-placeholder",
                    f"phase {phase.key} plans a file with template text in its path: "
                    f"{file.path}",
                    file.source,
                )
        for command in phase.commands:
            yield from _command(command)


def _command(command: Command) -> Iterator[Problem]:
    """Report the first placeholder of a command."""
    for at, line in enumerate(command.text.split("\n")):
        found = template_text(line)
        if found:
            column = command.source.column if at == 0 else 1
            yield problem(
                "WL108-placeholder",
                f"the command holds template text: {found[0].strip()}",
                Span(
                    file=command.source.file,
                    line=command.source.line + at,
                    column=column + found.start(),
                ),
            )
            return


def template_text(line: str) -> re.Match[str] | None:
    """Return the first thing in a command that was meant to be filled in."""
    if line.lstrip().startswith("#") or _TELLS.match(line):
        return None
    patterns = [_ANGLES, _COUNTERS, _PATHS, _DOTS]
    if not re.search(r"\b(?:rg|e?grep|sed|awk)\b", line):
        # In a pattern, [key] is a set of letters.
        patterns.append(_SQUARES)
    found = (pattern.search(line) for pattern in patterns)
    return next((match for match in found if match), None)
