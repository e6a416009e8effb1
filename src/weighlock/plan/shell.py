"""Shell blocks → commands, with the comments that say what to expect of them.

A command may span lines: quotes, a trailing backslash or operator, a here-document,
``if``/``for``/``while``/``case`` and braces keep it open.  No text is lost: what is
no comment is part of a command.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

SHELL = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "shell-session", "shellscript"}
)
_TOOLS = frozenset(
    {
        "awk", "bash", "bun", "bundle", "cargo", "cat", "cd", "cmake", "composer",
        "cp", "curl", "deno", "diff", "docker", "dotnet", "echo", "export",
        "find", "git", "go", "gradle", "grep", "head", "jq", "just", "ls", "make",
        "mkdir", "mv", "mvn", "mypy", "node", "npm", "npx", "pip", "pip3", "pnpm",
        "poetry", "pre-commit", "pytest", "python", "python3", "rg", "rm", "ruby",
        "ruff", "sed", "sh", "sort", "tail", "test", "tox", "tsc", "uv", "wc",
        "yarn", "[", "[[", "for", "if", "!", "set",
    }
)  # fmt: skip
_OPENERS = frozenset({"if", "for", "while", "until", "case", "select", "{"})
_CLOSERS = frozenset({"fi", "done", "esac", "}"})
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)([A-Za-z_]\w*)\1")
_SAID = re.compile(
    r"(?:expect(?:ed|s|ation)?(?:\s+(?:output|result|outcome|behaviou?r))?\s*"
    r"(?:\([^)]*\))?\s*[:=\-–—→]+|expect(?:ed)?\b(?=[^:]{1,60}:)|expect\b|(?:this\s+|it\s+|output\s+|result\s+|tests?\s+)?"
    r"(?:should|must)\b\s*:?|output\s*:|result\s*:|→|=>)\s*(.+)",
    re.IGNORECASE,
)
_ACTING = re.compile(
    r"(?:git\s+(?:-C\s+\S+\s+)?(?:add|commit|push|pull|mv|rm|merge|rebase|cherry-pick|reset"
    r"|revert|stash|checkout|switch|tag)(?![\w-])"
    r"|(?:claude|codex|opencode|gemini|aider|cursor-agent)\s|gh\s+pr\s+create)"
)
_TESTS = re.compile(
    r"(?:^|\s|/)(?:pytest|unittest|vitest|jest|tox|nox|node --test|(?:npm|pnpm|yarn)"
    r" (?:run )?test|(?:cargo|go) test|cargo nextest|make (?:test|check))\b"
)
_TOO_LONG = 400
_BACK = 40
"""Characters looked at before a word to see whether a command starts there."""


@dataclass(slots=True)
class Raw:
    """A command as written, and what the comments beside it say to expect."""

    text: str
    line: int
    end: int
    said: str = ""


@dataclass(slots=True)
class _State:
    """What keeps a command open at the end of a line."""

    quote: str = ""
    depth: int = 0
    joined: bool = False
    heredocs: list[str] = field(default_factory=list)

    def open(self) -> bool:
        return bool(self.quote or self.depth > 0 or self.joined or self.heredocs)


def looks_like_shell(body: Sequence[str]) -> bool:
    """Say whether an unlabelled block starts with a well-known command."""
    for line in body:
        words = line.strip().removeprefix("$ ").split()
        if words and not words[0].startswith("#"):
            first = words[0]
            return (first in _TOOLS and not first.endswith(":")) or first.startswith(
                "./"
            )
    return False


def split(body: Sequence[str], first: int) -> list[Raw]:
    """Split a block into commands; ``first`` is the line number of its first line."""
    if any(line.lstrip().startswith("$ ") for line in body):
        body = [_prompted(line) for line in body]
    commands: list[Raw] = []
    pending = ""
    at = 0
    patience = 2
    while at < len(body):
        line = body[at]
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            pending = _comment(stripped, body, at, commands, pending)
            at += 1
            continue
        end = _end(body, at) if patience else at
        if end is None:
            patience, end = patience - 1, at
        raw = _raw(body, at, end, first)
        raw.said, pending = raw.said or pending, ""
        commands.append(raw)
        at = end + 1
    return commands


def acts(text: str) -> bool:
    """Say whether a command does work and shows nothing: a commit, an agent's start."""
    return bool(_ACTING.match(text)) and "|" not in text


def runs_tests(text: str) -> bool:
    """Say whether a command runs tests, as far as its words tell."""
    return bool(_TESTS.search(text))


def said(comment: str) -> str:
    """Return what a comment says to expect, or the empty string."""
    found = _SAID.match(comment.lstrip("#").strip().lstrip("*_").strip())
    return found[1].strip().strip("*_").strip() if found else ""


def _prompted(line: str) -> str:
    stripped = line.lstrip()
    if stripped.startswith("$ "):
        return stripped[2:]
    return line if stripped.startswith("#") else f"# {line}" if stripped else line


def _comment(
    comment: str, body: Sequence[str], at: int, commands: list[Raw], pending: str
) -> str:
    """Give an expectation to the command above it, else keep it for the next one."""
    words = said(comment) if comment else ""
    if not words:
        return pending if comment else ""
    above = at > 0 and bool(body[at - 1].strip())
    below = at + 1 < len(body) and _is_command(body[at + 1])
    free = bool(commands) and not commands[-1].said
    if free and (above or not below):
        commands[-1].said = words
        return ""
    return words if not free and below else pending


def _is_command(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _raw(body: Sequence[str], at: int, end: int, first: int) -> Raw:
    lines = [line.rstrip() for line in body[at : end + 1]]
    lines[0] = lines[0].lstrip()
    words = ""
    if at == end:
        lines[0], words = _inline(lines[0])
    return Raw(text="\n".join(lines), line=first + at, end=first + end, said=words)


def _inline(line: str) -> tuple[str, str]:
    """Take an expectation off the end of a command's own line."""
    mark = _comment_at(line)
    if mark is None:
        return line, ""
    words = said(line[mark:])
    return (line[:mark].rstrip(), words) if words else (line, "")


def _comment_at(line: str) -> int | None:
    if "#" not in line:
        return None
    state = _State()
    return _scan(line, state)


def _end(body: Sequence[str], at: int) -> int | None:
    """Return where the command that starts here ends; None when it never does."""
    state = _State()
    for n in range(at, min(len(body), at + _TOO_LONG)):
        line = body[n]
        if state.heredocs:
            if line.strip() == state.heredocs[0]:
                state.heredocs.pop(0)
        else:
            _scan(line, state)
        if not state.open():
            return n
    return None


def _scan(line: str, state: _State) -> int | None:
    """Follow quotes, words and here-documents; return where a comment starts."""
    state.joined = False
    if not state.quote and not _SPECIAL.search(line):
        return None
    mark = None
    for token in _TOKEN.finditer(line):
        if state.quote:
            # A backslash means nothing between single quotes.
            closing = token[0][-1] if state.quote == "'" else token[0]
            if closing == state.quote:
                state.quote = ""
            continue
        if token.lastgroup == "comment":
            mark = token.start("comment")
            break
        _take(token, line, state)
    if not state.quote:
        said = _HEREDOC.finditer(line[:mark])
        state.heredocs.extend(m[2] for m in said if _real(m, line))
    if not state.quote and mark is None:
        state.joined = bool(re.search(r"(?:\\|\|\||&&|\|)\s*$", line))
    return mark


def _real(found: re.Match[str], line: str) -> bool:
    return not line[: found.start()].endswith("<")


def _take(token: re.Match[str], line: str, state: _State) -> None:
    text = token[0]
    if text in {"'", '"', "`"}:
        state.quote = text
    elif text in {"(", ")"}:
        state.depth = max(0, state.depth + (1 if text == "(" else -1))
    elif token.lastgroup == "word" and _at_command(line, token.start()):
        if text in _OPENERS:
            state.depth += 1
        elif text in _CLOSERS:
            state.depth = max(0, state.depth - 1)


def _at_command(line: str, start: int) -> bool:
    before = line[max(0, start - _BACK) : start].rstrip()
    return (
        not before or before[-1] in ";&|()!{" or before.endswith(("then", "do", "else"))
    )


_SPECIAL = re.compile(
    r"['\"`#\\|&]|<<|\b(?:if|for|while|until|case|select|fi|done|esac)\b|[{}()]"
)
_TOKEN = re.compile(
    r"\\.|(?P<comment>(?:(?<=\s)|^)#)|['\"`]"
    r"|(?<![\w$./-])(?P<word>(?:if|for|while|until|case|select|fi|done|esac)(?![\w./=-])"
    r"|\{(?=\s|$)|\}(?=\s|[;|&)]|$))|[()]"
)


def covered(commands: Sequence[Raw]) -> Iterator[int]:
    """Yield every line number that the commands cover."""
    for command in commands:
        yield from range(command.line, command.end + 1)
