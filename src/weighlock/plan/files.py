"""Paths that a phase says it creates, modifies, deletes or must leave alone."""

import re
from collections.abc import Iterable, Iterator

from weighlock.plan.labels import Topic
from weighlock.plan.lines import Line
from weighlock.plan.markdown import cells
from weighlock.plan.model import Action, FileAction, Span
from weighlock.plan.shell import looks_like_shell

_TOPICS: dict[Topic, Action | None] = {
    "create": "create",
    "modify": "modify",
    "delete": "delete",
    "keep": "keep",
    "touch": None,
}
_TICKED = re.compile(r"`([^`\n]+)`")
_BARE = re.compile(r"(?:\./)?[\w@.*{},-]+(?:/[\w@.*{}\[\]()+,-]+)*/?")
_LINES = re.compile(r"(?::L?\d[\d,\-–~:L]*|#L\d.*|(?<=\.\w\w)::.*|(?<=\.\w)::.*)$")
_PATH = re.compile(r"(?=.*[\w*])[\w@.*{}\[\]()+,$~/ -]+\Z")
_LONGEST = 300
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
_NAMES = frozenset(
    {
        "makefile", "dockerfile", "justfile", "license", "licence", "readme",
        "changelog", "gemfile", "rakefile", "procfile", ".gitignore", ".gitkeep",
        ".npmrc", ".env", ".editorconfig", ".dockerignore",
    }
)  # fmt: skip
_VERB = re.compile(
    r"(?:\*\*)?(?P<create>new(?: file)?|create[sd]?|write)\b"
    r"|(?:\*\*)?(?P<modify>modif(?:y|ied|ies)|update[sd]?|edit(?:ed)?|change[sd]?|extend"
    r"|refactor)\b|(?:\*\*)?(?P<delete>delete[sd]?|remove[sd]?)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"(?<=`)\s*[,;.]?\s*(?:and\s+)?(?=(?:creat|modif|updat|edit|delet|remov)\w*:?\s+`)",
    re.IGNORECASE,
)
"""Between the parts of "Create `a`, modify `b` and delete `c`"."""
_HINT = re.compile(
    r"\b(?:(?P<delete>DELETED?|REMOVED?|to be deleted|delete this file)"
    r"|(?P<create>CREATED?|NEW|new file|created?|\(new\b)"
    r"|(?P<modify>UPDATED?|MODIF(?:Y|IED)|EDIT|updated?|modify|modified|extend|existing))\b"
)
_ASIDE = re.compile(
    r"[\s`*]*(?:[(\[]\s*\**"
    r"|[-–—:→]+\s*\**(?=\w+(?: file| module)?\**\s*(?:\Z|[,.;:(–—-])))"
    r"(?:(?P<create>new|creat\w*|add(?:ed)?)|(?P<delete>delet\w*|remov\w*)"
    r"|(?P<modify>modif\w*|edit(?:ed)?|updat\w*|chang\w*|exist\w*|extend\w*))\b",
    re.IGNORECASE,
)
"""What stands behind a path: "(new)", "[edit]", "— modified"."""
_MOVED = re.compile(
    r"(?:\|\s*)?(?:\*\*)?(?:(?:git )?mv|move[sd]?|rename[sd]?)\b[\s:*]*(?:from\s+)?"
    r"`?([^\s`]+)`?\s*(?:→|->|=>|\bto\b|\binto\b|\bas\b)\s*`?([^\s`]+)`?"
    r"|[^`]*`([^`\n]+)`\s*(?:→|->|=>)\s*`([^`\n]+)`(?=.*\b(?:mov|renam))"
    r"|[^`]*`([^`\n]+)`\s*\((?:to be )?(?:mov|renam)\w+\s+(?:→|->|to|into|as)\s*"
    r"`([^`\n]+)`",
    re.IGNORECASE,
)
"""An entry of two paths: what is at the first comes to stand at the second."""
_PERHAPS = re.compile(
    r"[\s`(*,:—–-]{0,8}(?:only )?"
    r"(?:if (?!missing|absent|not )|when needed|as needed|optional)",
    re.IGNORECASE,
)
"""Behind what may change, and need not."""
_REMARK = re.compile(r"`[^`\n]*`|\((?:[^()`]|`[^`\n]*`|\([^()]*\))*\)")
_LONG = 2000
_NONE = re.compile(r"\(?\s*(?:none|n/a|no new files?|nothing)\b", re.IGNORECASE)


def read_files(
    lines: Iterable[Line], file: str, *, perhaps: bool = False
) -> Iterator[FileAction]:
    """Yield every path under a heading or label about files, once per action.

    ``perhaps``: in place of them those that change only under a condition.
    """
    seen: set[tuple[str, Action]] = set()
    for line in _entries(lines):
        for path, action, rest in _entry(line):
            wanted = bool(_PERHAPS.match(rest)) is perhaps
            if wanted and (path, action) not in seen:
                seen.add((path, action))
                yield _action(path, action, file, line)


def _entries(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines that are entries of a list of files, not what is said of them."""
    depth: int | None = None
    opened: Topic | None = None
    said = 0
    for line in lines:
        if line.topic not in _TOPICS:
            opened = None
            continue
        if line.label and not line.item:
            said = line.number if line.text and not line.heading else 0
        elif said and _is_prose(line) and line.number > said + 1:
            continue  # a new paragraph below "**Files:** `a`" is no entry of it
        else:
            said = line.number if said and _is_prose(line) else 0
        below = depth is not None and line.indent > depth
        if line.topic != opened or line.heading or (line.label and not below):
            opened, depth = line.topic, None
        elif below:
            continue
        if line.item and not line.label:
            depth = line.indent
        yield line


def _is_prose(line: Line) -> bool:
    listed = line.item or line.heading or line.text.startswith("|")
    return not listed and not line.text.endswith(":")


def deliverable_files(lines: Iterable[Line], file: str) -> Iterator[FileAction]:
    """Yield the files among deliverables: "New file: `x`", "`docs/x.md`, the guide"."""
    for line in lines:
        if line.topic != "deliverables" or line.heading:
            continue
        verb = _VERB.match(line.text)
        text = line.text[verb.end() :].lstrip(" :*") if verb else line.text
        ticked = _TICKED.match(text)
        names = _paths(text) if ticked else _paths(text)[:1] if verb else []
        for path, rest in names:
            if verb or _EXTENSION.search(path):
                hint = _HINT.search(rest)
                action = _named(verb or hint) if verb or hint else "create"
                yield _action(path, action, file, line)


def _action(path: str, action: Action, file: str, line: Line) -> FileAction:
    return FileAction(
        path=path, action=action, source=Span(file=file, line=line.number)
    )


def _entry(line: Line) -> Iterator[tuple[str, Action, str]]:
    """Yield the paths of an entry, what happens to each, and what is said of it."""
    text = line.text.lstrip("*_ ")
    listed = line.item or line.label or text[:1] in "|`" or " " not in text
    if not listed or (line.heading and not _TICKED.search(text)):
        return
    if moved := _moved(text):
        yield from ((path, action, "") for path, action in moved)
        return
    if text.startswith("|"):
        yield from _row(line)
        return
    if _NONE.match(text):
        return
    stated = _TOPICS[line.topic] if line.topic else None
    for entry in _SEVERAL.split(text):
        verb = _VERB.match(entry)
        part = entry[verb.end() :].lstrip(" :*") if verb else entry
        for path, rest in _paths(part):
            yield path, _decide(stated, _named(verb) if verb else None, rest), rest


def _moved(text: str) -> tuple[tuple[str, Action], ...]:
    """Read a move as what it does: one path is gone, and another is there."""
    found = _MOVED.match(text)
    named = [n for n in found.groups() if n] if found else []
    match [path_of(n.strip("`*.,;")) for n in named]:
        case [str(old), str(new)]:
            inside = new.endswith("/")
            there = f"{new}{old.rpartition('/')[2]}" if inside else new
            return (old, "delete"), (there, "create")
        case _:
            return ()


def _row(line: Line) -> Iterator[tuple[str, Action, str]]:
    row = cells(line.text)
    stated = _TOPICS[line.topic] if line.topic else None
    rest = " ".join(row[1:])
    for path, _ in _paths(row[0])[:1]:
        verb = next((v for cell in row[1:] if (v := _VERB.match(cell))), None)
        yield path, _decide(stated, _named(verb) if verb else None, rest), rest


def _decide(stated: Action | None, verb: Action | None, rest: str) -> Action:
    """Settle an action: the section's word, else the entry's own, else modify."""
    if stated == "keep":
        return "keep"
    if stated is None and verb is None and (found := _ASIDE.match(rest)):
        return _named(found)
    hint = _HINT.match(rest.lstrip(" `*-–—:(")) or (
        _HINT.search(rest) if stated is None else None
    )
    aside = rest.lstrip(" `*").startswith("(")
    loud = hint if hint and (stated is None or aside or hint[0].isupper()) else None
    if verb and (stated is None or verb == "delete"):
        return verb
    return (_named(loud) if loud else None) or stated or verb or "modify"


def _named(found: re.Match[str] | None) -> Action:
    for action in ("create", "modify", "delete"):
        if found and found.group(action):
            return action
    return "modify"


def _paths(text: str) -> list[tuple[str, str]]:
    """Return the paths an entry starts with, each with what is said of it."""
    text = re.sub(
        r"\A[\d.]+\s+|\A(?:file|path)s?\s*:\s*", "", text, flags=re.IGNORECASE
    )
    if found := _TICKED.search(text):
        lead = text[: found.start()].strip("*_ (")
        if lead and not re.fullmatch(r"(?:[\w-]+ ?){0,2}:?", lead):
            return []
        return ticked_paths(text[found.start() :])
    found = _BARE.match(text.strip("*_"))
    first = path_of(found[0].rstrip(",:."), bare=True) if found else None
    if first is None:
        return []
    parts = [part.strip() for part in text.split(",")]
    rest = [path_of(part, bare=True) for part in parts[1:]] if len(parts) > 1 else []
    names = [first, *(p for p in rest if p)] if all(rest) else [first]
    return [(name, text[text.find(names[-1]) + len(names[-1]) :]) for name in names]


def ticked_paths(text: str) -> list[tuple[str, str]]:
    """Return the paths of an enumeration in backquotes, each with what follows it.

    "`a` (new), `b` and `c`": a remark in brackets is said of the path before it alone.
    """
    shown = _REMARK.sub(
        lambda m: m[0] if m[0][0] == "`" else " " * len(m[0]), text[:_LONG]
    )
    run: list[re.Match[str]] = []
    for found in _TICKED.finditer(shown):
        between = shown[run[-1].end() if run else 0 : found.start()]
        if between.strip(" ,&+/*") not in {"", "and", "or"}:
            break
        run.append(found)
    ends = [*(found.start() for found in run[1:]), len(text)]
    paths: list[tuple[str, str]] = []
    rest = ""
    for found, end in reversed([*zip(run, ends, strict=True)]):
        behind = text[found.end() : end]
        rest = behind if not paths or "(" in behind else rest
        if path := path_of(found[1]):
            paths.insert(0, (path, rest))
    return paths


def path_of(text: str, *, bare: bool = False) -> str | None:
    """Return the path a word names, or None when it is none."""
    text = _LINES.sub("", text.strip()).strip()
    if " " in text and looks_like_shell((text,)):
        return None
    text = text.removeprefix("./") or text
    if not text or len(text) > _LONGEST or "://" in text or not _PATH.match(text):
        return None
    name = text.rstrip("/").rsplit("/", 1)[-1]
    known = name.lower() in _NAMES or bool(_EXTENSION.search(name))
    if " " in text and not ("/" in text and known):
        return None
    if text.startswith("/") and not known:
        return None
    if "/" in text:
        return text if known or not bare or text.count("/") > 1 else None
    return text if known and not re.fullmatch(r"v?\d[\d.]*", name) else None
