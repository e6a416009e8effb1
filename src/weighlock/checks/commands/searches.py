"""Layer 6, searches: what a plan's grep finds has to stand in the code.

A plan that looks for ``def convert`` asks for the function, and a comment or a string
with these words is not one.
"""

import re

from weighlock.checks.reading import language, paths, shellwords
from weighlock.checks.subject import Subject
from weighlock.plan.model import Command
from weighlock.syntax.lexical import unquoted

_SEARCHES = frozenset({"grep", "egrep", "rg", "ggrep"})
_DEFINES = re.compile(
    r"(?<!\w)(def|class|fn|func|function|struct|enum|trait|interface)"
    r"(?:\\?\s|\\s[+*]?|\[\[:space:\]\][+*]?)+(\w+)"
)


def only_said(subject: Subject, command: Command) -> str | None:
    """Return the file in which only a comment or a string holds what a search found.

    None where a definition is found in code as well, or where none is searched for.
    """
    if command.text.lstrip().startswith("!") or command.expect.value == 0:
        return None
    for part in shellwords.parts(command.text):
        if part.program.rsplit("/", 1)[-1] not in _SEARCHES:
            continue
        asked = next(filter(None, map(_DEFINES.search, part.words[1:])), None)
        named = [w.removeprefix("./") for w in part.words[1:]]
        files = _changed(subject, named)
        if asked is not None and files:
            return _said(subject, files, asked[1], asked[2])
    return None


def _changed(subject: Subject, named: list[str]) -> list[str]:
    """Return the programs of this phase in which a search looks."""
    return [
        c.path
        for c in subject.work()
        if c.status != "D"
        and language.is_program(c.path)
        and any(word in {".", ""} or paths.covers(word, c.path) for word in named)
    ]


def _said(subject: Subject, files: list[str], kind: str, name: str) -> str | None:
    pattern = re.compile(rf"(?<!\w){kind}\s+{name}(?!\w)")
    found = [p for p in files if pattern.search(subject.new.text(p))]
    meant = [p for p in found if pattern.search(unquoted(p, subject.new.text(p)))]
    return found[0] if found and not meant else None
