"""What the words of a check-list item say: files it touches, a command it runs.

Only what is said outright counts: "Create `src/a.py`", "Add the route to `src/b.ts`".
A path that is merely mentioned is nobody's promise to change it.
"""

import re
from collections.abc import Iterable, Iterator

from weighlock.plan import shell
from weighlock.plan.expectation import read_expectation
from weighlock.plan.kinds import read_kind
from weighlock.plan.model import Action, Command, FileAction, Kind, Span

_MODIFY = (
    r"add|implement|update|modify|edit|change|extend|refactor|register|configure"
    r"|define|build|develop|wire|insert|append|import|rewrite|introduce|expose|export"
    r"|(?:contract|unit|integration|e2e|regression) tests?"
)
_VERBS: tuple[tuple[Action, str], ...] = (
    ("create", r"creat(?:e|ing)|writ(?:e|ing)|generate|scaffold|new"),
    ("modify", _MODIFY),
    ("delete", r"delete|remove"),
)
_VERB = re.compile(
    r"(?:\W|\[\w+\])*(?:"
    + "|".join(f"(?P<{action}>{words})" for action, words in _VERBS)
    + r")\b\s*",
    re.IGNORECASE,
)
_PATH = (
    r"(?:`(?P<ticked>[^`\s]{1,200})`"
    r"|(?P<bare>[\w@.-]{1,80}(?:/[\w@.*-]{1,80}){0,12}/?))"
)
_FILLER = re.compile(
    r"(?:(?:an?|the|new|empty|existing|root|main|project|files?|folder|directory|module"
    r"|component|script|tests?|class|service|for|in|at)\s+){0,3}" + _PATH,
    re.IGNORECASE,
)
_PLACED = re.compile(r"\s(?:in|to|at|into|inside|from|under|as)\s+" + _PATH)
_ELSEWHERE = re.compile(r"\s+(?:in|to|into|from|inside|under|as|on)\b")
_INSIDE = re.compile(
    r"\W*(?:in|inside|within)\s+" + _PATH + r"\s*[,:]\s*", re.IGNORECASE
)
_NO_PATH = re.compile(r"[\[\]<>{}$()|=]")
_NAMES = frozenset({"Makefile", "Dockerfile", "justfile", ".gitignore", ".env.example"})
_ENDINGS = frozenset(
    [
        "bat",
        "c",
        "cc",
        "cfg",
        "cjs",
        "conf",
        "cpp",
        "cs",
        "css",
        "csv",
        "cts",
        "dart",
        "env",
        "ex",
        "exs",
        "go",
        "gradle",
        "graphql",
        "h",
        "hpp",
        "html",
        "ini",
        "ipynb",
        "java",
        "js",
        "json",
        "jsonc",
        "jsx",
        "kt",
        "kts",
        "less",
        "lock",
        "lua",
        "md",
        "mdx",
        "mjs",
        "mts",
        "php",
        "prisma",
        "properties",
        "proto",
        "ps1",
        "py",
        "pyi",
        "rb",
        "rs",
        "sass",
        "scala",
        "scss",
        "sh",
        "sql",
        "svelte",
        "svg",
        "swift",
        "tf",
        "toml",
        "ts",
        "tsx",
        "txt",
        "vue",
        "xml",
        "yaml",
        "yml",
        "zig",
    ]
)
_LINES = re.compile(r"(?::L?\d[\d,:L–-]*|(?<=\.\w\w)::.*|(?<=\.\w)::.*)\Z")
_FIRST: dict[Kind, re.Pattern[str]] = {
    "verification": re.compile(
        r"\W*(?:final |manual )?(?:verif|validat|check-?point|ensure|run)",
        re.IGNORECASE,
    ),
    "design": re.compile(r"\W*(?:design|analysis|specification)\b", re.IGNORECASE),
}
_ABOUT = re.compile(
    r"\bverif\w*|\bsemantic review|\b(?:design|analysis|specification|overview)\b",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"\W*(?:run|execute|verify with|check with)\b:?\s+`([^`]+)`[\s:,–—→-]*(.*)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\A(?:(?:and|to|then|should|must)\s+|(?:confirm|expect|verify|check|ensure|see)\w*\s+"
    r"|(?:that|it|all of)\s+)+",
    re.IGNORECASE,
)
_LONG = 1000


def item_files(items: Iterable[tuple[int, str]], file: str) -> tuple[FileAction, ...]:
    """Return the files that items (line, text) say they create, change or delete."""
    found: dict[str, FileAction] = {}
    for line, text in items:
        if "/" not in text and "." not in text:
            continue
        for path, action in _named(text[:_LONG]):
            span = Span(file=file, line=line)
            found.setdefault(path, FileAction(path=path, action=action, source=span))
    return tuple(found.values())


def item_command(line: int, text: str, file: str) -> Command | None:
    """Return the command that an item consists of, unless it only acts."""
    found = _RUN.match(text[:_LONG])
    if found is None or shell.acts(found[1]):
        return None
    return Command(
        text=found[1],
        expect=read_expectation(_SAID.sub("", found[2]), found[1]),
        source=Span(file=file, line=line),
    )


def item_kind(title: str) -> Kind:
    """Return the kind of work an item is.

    An item that checks or designs says so first; "Add e-mail verification" is work on
    the product like any other.
    """
    kind = read_kind(title)
    if kind in _FIRST and not _FIRST[kind].match(title):
        return read_kind(_ABOUT.sub(" ", title))
    return kind


def _named(text: str) -> Iterator[tuple[str, Action]]:
    inside = _INSIDE.match(text)
    if inside and (path := _path(inside)):
        if _VERB.match(text[inside.end() :]):
            yield path, "modify"
        return
    verb = _VERB.match(text)
    if verb is None:
        return
    rest = text[verb.end() :]
    action = _action(verb)
    direct = _FILLER.match(rest)
    path = _path(direct) if direct else None
    placed = next((p for m in _PLACED.finditer(f" {rest}") if (p := _path(m))), None)
    if direct and path and not _ELSEWHERE.match(rest, direct.end()):
        new = verb[0].strip(" *`").lower() in {"add", "implement"}
        yield path, "create" if new else action
    elif path and placed and placed.endswith("/") and "/" not in path:
        yield placed + path, action
    elif placed and not placed.endswith("/"):
        yield placed, "modify" if action == "delete" else action


def _action(verb: re.Match[str]) -> Action:
    return next((action for action, _ in _VERBS if verb[action]), "modify")


def _path(found: re.Match[str]) -> str | None:
    """Return a path that is certainly one: a folder, or a file by its ending.

    A bare ``Next.js`` is a library, ``Users.create`` a method, ``/api/x`` a route.
    """
    path = _LINES.sub("", found["ticked"] or found["bare"].rstrip(".,;"))
    path = path.removeprefix("./")
    if path.startswith(("/", "@", "-", "http")) or _NO_PATH.search(path):
        return None
    _, slash, name = path.rpartition("/")
    if slash and not name:
        return path
    stem, dot, ending = name.rpartition(".")
    if name in _NAMES or (dot and not stem and ending.islower()):
        return path if slash or found["ticked"] or name in _NAMES else None
    if not stem or ending.lower() not in _ENDINGS:
        return None
    library = ending == "js" and (not found["ticked"] or name[:1].isupper())
    return path if slash or not library else None
