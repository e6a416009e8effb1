"""Look at a shell command without running it: its parts, programs and nature."""

import re
import shlex
from dataclasses import dataclass

_BUILTINS = frozenset(
    [
        ".",
        ":",
        "[",
        "[[",
        "alias",
        "bg",
        "break",
        "case",
        "cd",
        "command",
        "continue",
        "declare",
        "do",
        "done",
        "echo",
        "elif",
        "else",
        "esac",
        "eval",
        "exec",
        "exit",
        "export",
        "false",
        "fg",
        "fi",
        "for",
        "function",
        "getopts",
        "hash",
        "help",
        "if",
        "jobs",
        "kill",
        "let",
        "local",
        "popd",
        "printf",
        "pushd",
        "pwd",
        "read",
        "readonly",
        "return",
        "select",
        "set",
        "shift",
        "source",
        "test",
        "then",
        "time",
        "times",
        "trap",
        "true",
        "type",
        "typeset",
        "ulimit",
        "umask",
        "unset",
        "until",
        "wait",
        "while",
        "{",
        "}",
        "!",
        "]]",
        "in",
    ]
)
_WRAPPERS = frozenset({"time", "!", "then", "do", "else", "if", "while", "until", "{"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One simple command of a shell line."""

    words: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()
    """Assignments in front of it."""
    before: str = ""
    """The operator that joins it to the part before: ``|``, ``&&``, ``;`` …"""

    @property
    def program(self) -> str:
        """The first word, or nothing."""
        return self.words[0] if self.words else ""


def parts(text: str) -> tuple[Part, ...]:
    """Split a shell line into simple commands; quotes are honoured.

    What cannot be split (an open quote, a here-document) is one part of plain words.
    """
    line = re.sub(r"\d*>&[\d-]", "", text).replace("&>", ">").replace("\n", " ; ")
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        tokens = list(lexer)
    except ValueError:
        return (Part(words=tuple(text.split())),)
    found: list[Part] = []
    words: list[str] = []
    operator = ""
    for token in [*tokens, ";"]:
        if not re.fullmatch(r"[|&;()]+", token):
            words.append(token)
            continue
        if words:
            found.append(_part(words, operator))
        words, operator = [], token
    return tuple(found)


def _part(words: list[str], operator: str) -> Part:
    env: list[tuple[str, str]] = []
    while words:
        set_to = re.fullmatch(r"(\w+)=(.*)", words[0], re.DOTALL)
        if set_to:
            env.append((set_to[1], set_to[2]))
        elif words[0] not in _WRAPPERS:
            break
        words = words[1:]
    kept = [w for i, w in enumerate(words) if not _redirects(words, i)]
    return Part(words=tuple(kept), env=tuple(env), before=operator)


def _redirects(words: list[str], index: int) -> bool:
    """Say whether a word is a redirection or the file of one."""
    mark = re.compile(r"\d*(>>?|<)(&\d|&-)?|&>>?")
    if index and mark.fullmatch(words[index - 1]) and "&" not in words[index - 1][1:]:
        return True
    return bool(re.match(r"(\d*(>>?|<)|&>)", words[index]))


def programs(text: str) -> tuple[str, ...]:
    """Return the programs that a shell line starts, each once; builtins left out."""
    first = [p.program for p in parts(text)]
    return tuple(dict.fromkeys(w for w in first if w and _is_program(w)))


def _is_program(word: str) -> bool:
    return word not in _BUILTINS and not re.search(r"[$`*<>{}\"'=]", word)


def last(text: str) -> Part:
    """Return the command whose output and exit code are the line's own."""
    found = parts(text)
    return found[-1] if found else Part(words=())


_SHORTENED = re.compile(
    r"(?P<run>[^|]*[^|\s])\s*\|&?\s*(?:tail|tee|cat)\b[^|;&]*\Z", re.DOTALL
)


def shortened(text: str) -> str:
    """Return the command whose output ``| tail -5`` only shortens; else nothing.

    What is said of such a line is said of that command.
    """
    found = _SHORTENED.fullmatch(text.strip())
    if found is None or parts(text)[-1].before not in {"|", "|&"}:
        return ""
    return re.sub(r"\s*2>&1\Z", "", found["run"])
