"""Rules on searches: grep and rg in commands and in the prose around them."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import normpath

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Phase, Problem, Span

_START = re.compile(r"(?<![\w./-])(grep|egrep|rg)\s+(?=[-\"'\w@^$])")
_MARKER = re.compile(
    r"@(plan|requirement)([: ])\s*(PLAN-[\w.-]+|REQ-[\w.-]+)?", re.IGNORECASE
)
_VALUED = frozenset(
    {"-e", "-f", "-m", "-A", "-B", "-C", "-g", "-t", "-d", "-D"}
    | {"--glob", "--type", "--include", "--exclude", "--regexp"}
)
"""Options that take the next word as their value."""
_LONGEST = 2000
_TAKEN_OUT = re.compile(
    r"\|\s*(?:e?grep|rg)\s+(?:-\w+\s+)*-\w*v\w*\s[^|;&]*(?:plan|md)"
)


@dataclass(frozen=True, slots=True)
class Search:
    """A call of grep or rg: its pattern, where it looks, and how."""

    phase: Phase
    tool: str
    pattern: str
    roots: tuple[str, ...]
    options: tuple[str, ...]
    span: Span
    filtered: bool = False
    """Whether what it finds in plans is taken out again behind a pipe."""

    @property
    def letters(self) -> str:
        """Return the short options together: ``-rn -i`` is ``rni``."""
        return "".join(o[1:] for o in self.options if o[:2] != "--")

    @property
    def recursive(self) -> bool:
        """Say whether it walks down folders."""
        named = {"--recursive", "--dereference-recursive"} & set(self.options)
        return self.tool == "rg" or bool(named) or bool(set("rR") & set(self.letters))


def searches(book: Book) -> Iterator[Problem]:
    """Yield what is wrong with searches."""
    examples = _examples(book)
    for phase in book.plan.phases:
        found = tuple(find(book, phase))
        for search in found:
            yield from _alternation(search)
            yield from _form(search, examples)
        for again in _same(found):
            yield from _itself(book, again)


def find(book: Book, phase: Phase) -> Iterator[Search]:
    """Yield every search in a phase's shell blocks and between its backticks."""
    shell = {
        n
        for block in book.blocks(phase)
        for n in range(block.line, block.line + len(block.lines))
        if block.shell
    }
    fenced = {
        n
        for block in book.blocks(phase)
        for n in range(block.line, block.line + len(block.lines))
    }
    for number, line in book.lines(phase):
        if "grep" not in line and "rg " not in line:
            continue
        if number in shell:
            yield from _read(phase, line, number, 0)
        elif number not in fenced:
            for code in re.finditer(r"`([^`]+)`", line):
                yield from _read(phase, code[1], number, code.start(1))


def _same(found: Iterable[Search]) -> Iterator[tuple[Search, ...]]:
    """Put together what a phase searches for again in the same places."""
    same: dict[tuple[str, tuple[str, ...]], list[Search]] = {}
    for search in found:
        same.setdefault((search.pattern, search.roots), []).append(search)
    for searches_ in same.values():
        yield tuple(searches_)


def _read(phase: Phase, text: str, line: int, offset: int) -> Iterator[Search]:
    if text.lstrip().startswith("#") or len(text) > _LONGEST:
        return
    for match in _START.finditer(text):
        words = _words(text[match.end() :])
        options, rest = _options(words)
        pattern = next((o[2:] for o in options if o.startswith("-e") and o[2:]), None)
        if pattern is None and rest:
            pattern, rest = rest[0], rest[1:]
        if pattern:
            column = offset + match.start() + 1
            span = Span(file=phase.source.file, line=line, column=column)
            out = bool(_TAKEN_OUT.search(text, match.end()))
            yield Search(
                phase, match[1], pattern, tuple(rest), tuple(options), span, out
            )


def _words(text: str) -> list[str]:
    """Return the words of one command: up to a pipe, a semicolon or a redirect."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&<>()")
    lexer.commenters = "#"
    lexer.whitespace_split = True
    words: list[str] = []
    try:
        for word in lexer:
            if set(word) <= set(";|&<>()") or re.fullmatch(r"\d", word):
                break
            words.append(word)
    except ValueError:
        return []
    return words


def _options(words: list[str]) -> tuple[list[str], list[str]]:
    """Part options, their values glued on, from what follows them."""
    options: list[str] = []
    rest: list[str] = []
    waiting = False
    for word in words:
        if waiting:
            options[-1] += word
            waiting = False
        elif word.startswith("-") and word != "-":
            options.append(word)
            waiting = word in _VALUED
        else:
            rest.append(word)
    return options, rest


def _alternation(search: Search) -> Iterator[Problem]:
    """Report a bare | in a basic regular expression."""
    extended = set("EPF") & set(search.letters) or {
        "--extended-regexp",
        "--perl-regexp",
        "--fixed-strings",
    } & set(search.options)
    bare = re.search(r"(?<!\\)\|", search.pattern)
    if search.tool != "grep" or extended or not bare:
        return
    spaced = all(
        m[0].startswith(" ") and m[0].endswith(" ")
        for m in re.finditer(r".?(?<!\\)\|.?", search.pattern)
    )
    yield problem(
        "WL404-grep-alternation",
        f"plain grep takes | in {search.pattern!r} as a letter, not as 'or'",
        search.span,
        # "string | null" in code may well be meant letter by letter
        severity="info" if spaced else None,
    )


def _itself(book: Book, again: tuple[Search, ...]) -> Iterator[Problem]:
    """Report a search for markers that looks where the plan itself lies."""
    mine = [s for s in again if _MARKER.search(s.pattern) and s.recursive]
    mine = [s for s in mine if not s.filtered and not any(map(_only_code, s.options))]
    if not mine:
        return
    search = mine[0]
    inside = next((r for r in search.roots or (".",) if _holds_plan(book, r)), None)
    if inside is not None:
        lines = ", ".join(str(s.span.line) for s in mine[1:])
        more = f" (so does the same search in line {lines})" if lines else ""
        yield problem(
            "WL405-grep-self-match",
            f"this search of {inside} finds the plan itself, which holds the words "
            f"{search.pattern!r}{more}",
            search.span,
        )


def _only_code(option: str) -> bool:
    """Say whether an option keeps markdown files out of the search."""
    name, _, value = option.partition("=")
    if name in {"--include", "-g", "--glob", "--type", "-t"} or option.startswith(
        ("-g", "-t", "--include")
    ):
        return "md" not in (value or option[2:])
    return name.startswith("--exclude") and ("md" in value or "plan" in value)


def _holds_plan(book: Book, root: str) -> bool:
    """Say whether a search root is the repository, or on the way to the plan."""
    plan = book.plan
    if book.ground and book.ground.home.startswith(".."):
        return False
    root = normpath(root.strip("\"'")) if root else "."
    if root in {".", "./", "*", "$PWD"}:
        return True
    parts, home = root.split("/"), normpath(plan.root).split("/")
    for start in range(len(home)):
        shared = min(len(parts), len(home) - start)
        if parts[:shared] == home[start : start + shared]:
            below = "/".join(parts[shared:])
            # A file of the plan by name is meant: it is the thing to be checked.
            return not below or any(
                s.path.startswith(f"{below}/")
                for s in plan.sources
                if not s.path.startswith(("analysis/", ".completed/"))
            )
    return False


def _examples(book: Book) -> dict[tuple[str, str], set[str]]:
    """Collect the forms of markers in code examples: (word, id) → {":", " "}."""
    forms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for phase in book.plan.phases:
        for block in book.blocks(phase):
            if block.shell or not block.language:
                continue
            for line in block.lines:
                for match in _MARKER.finditer(line):
                    if match[3]:
                        forms[match[1].lower(), match[3].lower()].add(match[2])
    return forms


def _form(
    search: Search, examples: dict[tuple[str, str], set[str]]
) -> Iterator[Problem]:
    """Report a search for ``@plan:X`` where the code example says ``@plan X``."""
    match = _MARKER.search(search.pattern)
    if not match or not match[3]:
        return
    if len({m[2] for m in _MARKER.finditer(search.pattern)}) > 1:
        return  # it looks for both
    word, name = match[1].lower(), match[3].lower().rstrip(".")
    forms = examples.get((word, name)) or _usual(word, examples)
    if forms and match[2] not in forms:
        names = {":": "a colon", " ": "a space"}
        other = next(iter(forms))
        yield problem(
            "WL406-marker-form",
            f"this searches for @{match[1]} with {names[match[2]]}; the plan's code "
            f"examples have {names[other]}",
            search.span,
            hint=f"write @{match[1]}{other}{match[3]}",
        )


def _usual(word: str, examples: dict[tuple[str, str], set[str]]) -> set[str]:
    """Return the one form that all examples of the plan have, if there is one."""
    forms = {
        form for (kind, _), all_ in examples.items() if kind == word for form in all_
    }
    return forms if len(forms) == 1 else set()
