"""Command text → the programs it calls, with their words and where these stand.

Made for looking at words, not for running them: nothing is expanded, and what stands
in quotes is one word without its quotes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<comment>(?<!\S)\#[^\n]*)"
    r"|(?P<redirect>\d*(?:>>|>\||>&|<<<|<<-?|&>|[<>])&?)"
    r"|(?P<end>[;|&()\n]+)"
    r"""|(?P<word>(?:[^\s;|&<>()"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)""",
    re.DOTALL,
)
_BEFORE = frozenset(
    {"!", "time", "if", "then", "else", "elif", "while", "until", "do", "{", "sudo"}
    | {"command", "exec", "xargs"}
)
_SET = re.compile(r"[A-Za-z_]\w*=")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the program gets it."""

    text: str
    at: int
    """Offset in the command's text."""


@dataclass(frozen=True, slots=True)
class Call:
    """A program and its words; the first word is the program."""

    words: tuple[Word, ...]
    writes: tuple[str, ...] = ()
    """Files that its output goes to."""
    negated: bool = False
    """Whether ``!`` or ``||`` makes its failure the expected thing."""

    @property
    def program(self) -> str:
        """Return the program's name."""
        return self.words[0].text


def calls(text: str) -> tuple[Call, ...]:
    """Return the calls of a command, those in pipes and branches included."""
    return tuple(_calls(text)) if len(text) <= _LONGEST else ()


def _calls(text: str) -> Iterator[Call]:
    words: list[Word] = []
    writes: list[str] = []
    negated, redirect = False, ""
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "end":
            yield from _made(words, writes, negated=negated or token[0] == "||")
            words, writes, negated = [], [], False
        elif kind == "redirect":
            redirect = "" if token[0].endswith("&") else token[0]
        elif kind == "word" and redirect:
            writes.extend([_bare(token[0])] if ">" in redirect else [])
            redirect = ""
        elif kind == "word" and not words and token[0] in _BEFORE:
            negated = negated or token[0] == "!"
        elif kind == "word" and (words or not _SET.match(token[0])):
            words.append(Word(_bare(token[0]), token.start()))
    yield from _made(words, writes, negated=negated)


def _made(words: list[Word], writes: list[str], *, negated: bool) -> Iterator[Call]:
    if words:
        yield Call(tuple(words), tuple(writes), negated)


def _bare(word: str) -> str:
    """Take the quotes off a word."""
    if "'" not in word and '"' not in word:
        return word
    return re.sub(
        r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'',
        lambda m: m[1] if m[1] is not None else m[2],
        word,
        flags=re.DOTALL,
    )
