"""Says whether a shell could parse a block, without running anything.

The grammar is that of POSIX ``sh`` with what bash adds and plans use: ``[[ ]]``,
``(( ))``, ``function``, arrays, process substitution, here-strings.
"""

from dataclasses import dataclass, field

from weighlock.plan.lint.commands.shell_words import REDIRECTS, ShellError, Token, Words

_SEPARATORS = frozenset({";", "&"})
_ENDERS = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "}"})
_ALONE = frozenset({";", ")"})
_PREFIXES = frozenset({"!", "time"})


def syntax_error(text: str) -> ShellError | None:
    """Return the first reason why a shell would refuse a block, or None."""
    try:
        _Parser(Words(text, _nested)).script()
    except ShellError as error:
        return error
    except RecursionError:
        return None
    return None


def _nested(words: Words) -> None:
    """Parse a command substitution in place, its closing parenthesis included."""
    start = words.line
    parser = _Parser(words)
    parser.listing(frozenset({")"}))
    if not parser.is_op(")"):
        raise ShellError("'$(' is never closed", start)


@dataclass(slots=True)
class _Parser:
    words: Words
    token: Token = field(init=False)

    def __post_init__(self) -> None:
        self.token = self.words.next()

    def script(self) -> None:
        """Read a whole block."""
        self.listing(frozenset())
        if self.token.kind != "end":
            raise self._unexpected()

    def some(self, *ends: str) -> None:
        """Read at least one command, up to one of the ending words."""
        self._newlines()
        if self._ends(frozenset(ends)):
            raise self._unexpected()
        self.listing(frozenset(ends))

    def listing(self, ends: frozenset[str]) -> None:
        """Read commands up to one of the ending words or operators."""
        while True:
            self._newlines()
            if self.token.kind == "end" or self._ends(ends):
                return
            self._and_or()
            if self.token.kind == "op" and self.token.text in _SEPARATORS:
                self._next()
            elif self.token.kind not in {"newline", "end"} and not self._ends(ends):
                raise self._unexpected()

    def is_op(self, text: str) -> bool:
        """Say whether the next token is this operator."""
        return self.token.kind == "op" and self.token.text == text

    def _ends(self, ends: frozenset[str]) -> bool:
        kind, text = self.token.kind, self.token.text
        if kind == "word" and text in _ENDERS and text not in ends:
            raise self._unexpected()
        return kind in {"word", "op"} and text in ends

    def _unexpected(self) -> ShellError:
        return ShellError(f"unexpected {self.token}", self.token.line)

    def _next(self) -> None:
        self.token = self.words.next()

    def _newlines(self) -> None:
        while self.token.kind == "newline":
            self._next()

    def _is_word(self, text: str) -> bool:
        return self.token.kind == "word" and self.token.text == text

    def _expect(self, word: str, opened: int, opener: str) -> None:
        if not self._is_word(word):
            if self.token.kind == "end":
                raise ShellError(f"'{opener}' has no '{word}'", opened)
            raise self._unexpected()
        self._next()

    def _and_or(self) -> None:
        self._pipeline()
        while self.is_op("&&") or self.is_op("||"):
            self._next()
            self._newlines()
            self._pipeline()

    def _pipeline(self) -> None:
        first = self.token
        while self.token.kind == "word" and self.token.text in _PREFIXES:
            self._next()
        if self.token is not first and (
            self.token.kind in {"newline", "end"} or self.token.text in _ALONE
        ):
            return
        self._command()
        while self.is_op("|") or self.is_op("|&"):
            self._next()
            self._newlines()
            if self._is_word("!"):
                raise self._unexpected()
            self._command()

    def _command(self) -> None:
        if self.token.kind == "op" and self.token.text == "(":
            self._subshell()
        elif self.token.kind == "word" and self.token.text in _COMPOUND:
            _COMPOUND[self.token.text](self)
        else:
            self._simple()
            return
        while self._redirect():
            pass

    def _simple(self) -> None:
        words = 0
        if self.token.kind == "word" and self.token.text in _ENDERS:
            raise self._unexpected()
        while True:
            if self.token.kind == "word":
                words += 1
                self._next()
            elif self.is_op("(") and words == 1:
                self._function_body()
                return
            elif self._redirect():
                words += 1
            else:
                break
        if not words:
            raise self._unexpected()

    def _redirect(self) -> bool:
        if self.token.kind != "op" or self.token.text not in REDIRECTS:
            return False
        operator, line = self.token.text, self.token.line
        target = self.token = self.words.next()
        if target.kind != "word":
            raise ShellError(f"'{operator}' is followed by no file", line)
        if operator in {"<<", "<<-"}:
            self.words.document(target.text, tabs=operator == "<<-")
        self._next()
        return True

    def _function_body(self) -> None:
        opened = self.token
        self._next()
        if not self.is_op(")"):
            raise ShellError("unexpected '('", opened.line)
        self._next()
        self._newlines()
        self._command()

    def _subshell(self) -> None:
        opened = self.token.line
        if self.words.text.startswith("(", self.words.at):
            self.words.at += 1
            self.words.balanced("(", ")")
            self._next()
            if self.is_op(")"):
                self._next()
            return
        self._next()
        self.some(")")
        if not self.is_op(")"):
            raise ShellError("'(' is never closed", opened)
        self._next()

    def braces(self) -> None:
        """Read ``{ …; }``."""
        opened = self.token.line
        self._next()
        self.some("}")
        self._expect("}", opened, "{")

    def branches(self) -> None:
        """Read ``if … fi``."""
        opened = self.token.line
        self._next()
        self.some("then")
        self._expect("then", opened, "if")
        self.some("elif", "else", "fi")
        while self._is_word("elif"):
            self._next()
            self.some("then")
            self._expect("then", opened, "elif")
            self.some("elif", "else", "fi")
        if self._is_word("else"):
            self._next()
            self.some("fi")
        self._expect("fi", opened, "if")

    def loop(self) -> None:
        """Read ``while`` or ``until … done``."""
        opened, opener = self.token.line, self.token.text
        self._next()
        self.some("do")
        self._body(opened, opener)

    def _body(self, opened: int, opener: str) -> None:
        self._expect("do", opened, opener)
        self.some("done")
        self._expect("done", opened, opener)

    def each(self) -> None:
        """Read ``for`` or ``select … done``."""
        opened, opener = self.token.line, self.token.text
        self._next()
        if self.is_op("("):
            self._subshell()
        elif self.token.kind == "word":
            self._next()
        else:
            raise self._unexpected()
        self._newlines()
        if self._is_word("in"):
            self._next()
            while self.token.kind == "word":
                self._next()
        while self.is_op(";") or self.token.kind == "newline":
            self._next()
        if self._is_word("{"):
            self.braces()
        else:
            self._body(opened, opener)

    def cases(self) -> None:
        """Read ``case … esac``."""
        opened = self.token.line
        self._next()
        self._next()
        self._newlines()
        self._expect("in", opened, "case")
        self._newlines()
        while not self._is_word("esac"):
            if self.token.kind == "end":
                raise ShellError("'case' has no 'esac'", opened)
            self._branch()
            self._newlines()
        self._next()

    def _branch(self) -> None:
        if self.is_op("("):
            self._next()
        while self.token.kind == "word" or self.is_op("|"):
            self._next()
        if not self.is_op(")"):
            raise self._unexpected()
        self._next()
        self.listing(frozenset({"esac", ";;", ";&", ";;&"}))
        if self.token.kind == "op":
            self._next()

    def condition(self) -> None:
        """Skip ``[[ … ]]``, which has a grammar of its own, with bare < and (."""
        self.words.raw_until("]]")
        self._next()

    def function(self) -> None:
        """Read ``function name …``."""
        self._next()
        self._next()
        if self.is_op("("):
            self._function_body()
            return
        self._newlines()
        self._command()


_COMPOUND = {
    "{": _Parser.braces,
    "if": _Parser.branches,
    "while": _Parser.loop,
    "until": _Parser.loop,
    "for": _Parser.each,
    "select": _Parser.each,
    "case": _Parser.cases,
    "function": _Parser.function,
    "[[": _Parser.condition,
}
