"""Rules on paths in commands that are neither in the repository nor made before."""

import re
from collections.abc import Iterator
from posixpath import normpath

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.calls import Call, Word, calls
from weighlock.plan.lint.known import Known
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Command, Phase, Plan, Problem

PATH = re.compile(
    r"(?<![\w.@+/-])(?:\./)?(?:[\w@+-][\w.@+-]*|\.\w[\w.-]*)(?:/[\w.@+-]+)+"
    r"\.[A-Za-z]\w{0,5}"
)
_NOT_OURS = re.compile(
    r"(?:\A|/)(?:node_modules|dist|build|target|coverage|out|\.git|\.completed|tmp"
    r"|path/to|__pycache__|\.venv)/|\A@|\.\."
)
"""What tools make, what installs bring, what only stands for a path."""
_MAKERS = frozenset({"mkdir", "touch", "cp", "mv", "tee", "install", "ln", "rsync"})
_SILENT = _MAKERS | frozenset(
    [
        "echo",
        "printf",
        "git",
        "gh",
        "curl",
        "wget",
        "rm",
        "find",
        "cd",
        "export",
        "alias",
        "docker",
        "kubectl",
        "ssh",
        "scp",
        "sqlite3",
        "psql",
        "tar",
        "unzip",
        "zip",
        "trap",
        "unset",
        "set",
        "let",
        "local",
        "declare",
        "read",
    ]
)
"""Programs whose words are no paths that have to be there."""
_PATTERN_FIRST = frozenset(
    [
        "grep",
        "egrep",
        "fgrep",
        "rg",
        "ag",
        "sed",
        "awk",
        "gawk",
        "perl",
        "jq",
        "ast-grep",
    ]
)
_QUIET = re.compile(r"2>\s*/dev/null|&>\s*/dev/null|\|\|")


def paths(book: Book) -> Iterator[Problem]:
    """Yield paths in commands that nobody makes; silent without a repository."""
    ground = book.ground
    if ground is None:
        return
    known = Known((*ground.tracked, *ground.present))
    known.add(s.path for s in book.plan.sources)
    files = (f for p in book.plan.phases for f in p.files if f.action != "keep")
    later = Known(f.path for f in files)
    for phase in book.plan.phases:
        known.add(_made(book, phase))
        for command in phase.commands:
            for word in wanted(command):
                if word.text in known:
                    continue
                yield _missing(
                    book, phase, command, word, once=ground.past, later=later
                )


def cited_paths(plan: Plan) -> frozenset[str]:
    """Return every path that a plan's commands and lists of files name.

    ``weighlock.ground.look`` asks the history about those that are not there.
    """
    commands = (w.text for p in plan.phases for c in p.commands for w in wanted(c))
    files = (f.path for p in plan.phases for f in p.files)
    return frozenset(normpath(path) for path in (*commands, *files))


def wanted(command: Command) -> Iterator[Word]:
    """Yield the words of a command that are paths which have to be there."""
    quiet = _QUIET.search(command.text) or command.expect.form in {"none", "fail"}
    if quiet or "/" not in command.text:
        return
    for call in calls(command.text):
        if call.program in _SILENT or call.negated:
            continue
        for word in _arguments(call):
            text = re.sub(r":\d+(?:[-:]\d+)*\Z", "", word.text)
            if PATH.fullmatch(text) and not _NOT_OURS.search(text):
                yield Word(text.removeprefix("./"), word.at)


def _arguments(call: Call) -> tuple[Word, ...]:
    """Return the words after the program; a pattern or a script is none of them."""
    words = [w for w in call.words[1:] if not w.text.startswith("-")]
    texts = {w.text for w in call.words}
    if call.program in {"test", "[", "[["} and "!" in texts:
        return ()
    if call.program not in _PATTERN_FIRST:
        return tuple(words)
    return tuple(words if {"-e", "-f"} & texts else words[1:])


def _made(book: Book, phase: Phase) -> Iterator[str]:
    """Yield what a phase makes: its files, what its text names, what commands write."""
    for file in phase.files:
        if file.action != "keep":
            yield file.path
    commands = {
        n
        for c in phase.commands
        for n in range(c.source.line, c.source.line + c.text.count("\n") + 1)
    }
    for number, line in book.lines(phase):
        if "/" in line and number not in commands:
            yield from PATH.findall(line)
    for command in phase.commands:
        for call in calls(command.text):
            yield from call.writes
            if call.program in _MAKERS:
                yield from (w.text for w in call.words[1:])


def _missing(
    book: Book,
    phase: Phase,
    command: Command,
    word: Word,
    *,
    once: frozenset[str],
    later: Known,
) -> Problem:
    hint = ""
    if word.text in later:
        makers = [
            p.key
            for p in book.plan.phases
            if any(normpath(f.path) == normpath(word.text) for f in p.files)
        ]
        hint = f"phase {makers[0]} makes it: check it there" if makers else ""
        why = "is made only by a later phase"
    elif normpath(word.text) in once:
        why = "was in the repository once, and is not there now"
    else:
        why = "is not in the repository, and no phase up to this one makes it"
    return problem(
        "WL408-path-missing",
        f"{word.text} {why}",
        book.point(phase, command, word),
        hint=hint,
    )
