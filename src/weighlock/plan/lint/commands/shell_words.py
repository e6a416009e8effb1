"""Shell text → words and operators with line numbers, as a POSIX shell reads them.

Nothing is expanded and nothing runs.  Command substitutions are handed to the parser
of ``shell_grammar``; what stands between backticks is left alone, as shells do until
they run it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

_OPERATOR = re.compile(
    r"&>>|<<<|<<-|;;&|&&|\|\||;;|;&|\|&|&>|>>|<<|>&|<&|<>|>\||[;&|()<>]"
)
_NUMBER_BEFORE_REDIRECT = re.compile(r"\d+(?=[<>])|\{\w+\}(?=[<>])")
REDIRECTS = frozenset(
    {"<", ">", ">>", "<<", "<<-", "<<<", ">&", "<&", "<>", ">|", "&>", "&>>"}
)
_PLAIN = re.compile(r"""[^\s;&|<>()"'\\`$]+""")
_PLAIN_QUOTED = re.compile(r'[^"$`\\]+')
_DEEPEST = 40


class ShellError(Exception):
    """The text cannot be parsed: why, and at which line, counted from 1."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why, self.line = why, line


@dataclass(frozen=True, slots=True)
class Token:
    """A word, an operator, a line end, or the end of the text."""

    kind: Literal["word", "op", "newline", "end"]
    text: str
    line: int

    def __str__(self) -> str:
        return f"'{self.text}'" if self.kind in {"word", "op"} else self.text


@dataclass(slots=True)
class Words:
    """Reads one token after the other; ``nested`` parses a command substitution."""

    text: str
    nested: Callable[["Words"], None]
    at: int = 0
    line: int = 1
    depth: int = 0
    _documents: list[tuple[str, bool]] = field(default_factory=list)

    def next(self) -> Token:
        """Return the next token, comments and joined lines left out."""
        self._skip_blanks()
        start, char = self.line, self._char()
        if not char:
            return Token("end", "end of the block", start)
        if char == "\n":
            self._take(1)
            self._skip_documents()
            return Token("newline", "end of the line", start)
        if number := _NUMBER_BEFORE_REDIRECT.match(self.text, self.at):
            self._take(len(number[0]))
        if char in "<>" and self.text.startswith("(", self.at + 1):
            return self._word()
        if operator := _OPERATOR.match(self.text, self.at):
            self._take(len(operator[0]))
            return Token("op", operator[0], start)
        return self._word()

    def document(self, word: str, *, tabs: bool) -> None:
        """Remember that a here-document ends at this word."""
        self._documents.append(
            (word.replace("'", "").replace('"', "").replace("\\", ""), tabs)
        )

    def raw_until(self, end: str) -> None:
        """Skip raw text, quotes respected, until the word ``end``."""
        start = self.line
        while self._char():
            if self.text.startswith(end, self.at):
                self._take(len(end))
                return
            if not self._quoted():
                self._take(1)
        raise ShellError(f"'{end}' is missing", start)

    def balanced(self, opening: str, closing: str) -> None:
        """Skip text up to the closing mark that belongs to one already read."""
        start, depth = self.line, 1
        while depth:
            char = self._char()
            if not char:
                raise ShellError(f"'{closing}' is missing", start)
            if self._quoted():
                continue
            depth += (char == opening) - (char == closing)
            self._take(1)

    def _char(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def _skip_blanks(self) -> None:
        while True:
            if self._char() in {" ", "\t", "\r"} and self._char():
                self._take(1)
            elif self.text.startswith("\\\n", self.at):
                self._take(2)
            elif self._char() == "#":
                end = self.text.find("\n", self.at)
                self._take((len(self.text) if end < 0 else end) - self.at)
            else:
                return

    def _skip_documents(self) -> None:
        for word, tabs in self._documents:
            while self._char():
                end = self.text.find("\n", self.at)
                line = self.text[self.at : end if end >= 0 else len(self.text)]
                self._take(len(line) + 1)
                if (line.lstrip("\t") if tabs else line).rstrip("\r") == word:
                    break
        self._documents.clear()

    def _word(self) -> Token:
        start, line = self.at, self.line
        while (char := self._char()) and char not in " \t\r\n;&|":
            if plain := _PLAIN.match(self.text, self.at):
                self.at = plain.end()
            elif char in "<>" and self.text.startswith("(", self.at + 1):
                self._take(2)
                self._inner()
            elif char == "(" and self.text[start : self.at].endswith("="):
                self._take(1)
                self.balanced("(", ")")
            elif char in "()<>":
                break
            elif not self._quoted():
                self._take(1)
        return Token("word", self.text[start : self.at], line)

    def _quoted(self) -> bool:
        """Skip one quoted or expanded part, if one starts here."""
        char, start = self._char(), self.line
        if char == "\\":
            self._take(2)
        elif char == "'" or self.text.startswith("$'", self.at):
            self._single(escapes=char == "$")
        elif char == '"':
            self._double()
        elif char == "`":
            self._until("`", start)
        elif char == "$":
            return self._expansion()
        else:
            return False
        return True

    def _expansion(self) -> bool:
        if self.text.startswith("$((", self.at):
            self._take(3)
            self.balanced("(", ")")
            if self._char() == ")":
                self._take(1)
        elif self.text.startswith("$(", self.at):
            self._take(2)
            self._inner()
        elif self.text.startswith("${", self.at):
            self._take(2)
            self.balanced("{", "}")
        else:
            return False
        return True

    def _inner(self) -> None:
        if self.depth >= _DEEPEST:
            self.balanced("(", ")")
            return
        self.depth += 1
        self.nested(self)
        self.depth -= 1

    def _single(self, *, escapes: bool) -> None:
        start = self.line
        self._take(2 if escapes else 1)
        if escapes:
            self._until("'", start, opened=True)
            return
        end = self.text.find("'", self.at)
        if end < 0:
            raise ShellError("a ' is never closed", start)
        self._take(end + 1 - self.at)

    def _double(self) -> None:
        start = self.line
        self._take(1)
        while (char := self._char()) != '"':
            if not char:
                raise ShellError('a " is never closed', start)
            if plain := _PLAIN_QUOTED.match(self.text, self.at):
                self._take(len(plain[0]))
            elif not self._quoted():
                self._take(1)
        self._take(1)

    def _until(self, mark: str, start: int, *, opened: bool = False) -> None:
        if not opened:
            self._take(1)
        while (char := self._char()) != mark:
            if not char:
                raise ShellError(f"a {mark} is never closed", start)
            self._take(2 if char == "\\" else 1)
        self._take(1)
