"""What a command leads to: scripts of package.json, recipes of make, tox's commands.

Only what can be read without running anything; every other way to start tests is the
user's own command, which writes its report to ``{report}``.
"""

import configparser
import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from weighlock.checks.reading import paths
from weighlock.checks.subject import Snapshot

_PACKAGE_RUNNERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_FLAGS = frozenset({"run", "run-script", "--silent", "-s", "exec", "--if-present"})
_PLACES = frozenset({"-w", "--workspace", "--prefix", "-C", "--cwd", "--filter"})
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A shell line, and the folder that it is typed in."""

    text: str
    folder: str


def led(words: Sequence[str], folder: str, files: Snapshot) -> Lead | None:
    """Return what a command runs, or None when that cannot be read."""
    program = PurePosixPath(words[0]).name if words else ""
    if program in _PACKAGE_RUNNERS:
        return _package_script(words, folder, files)
    if program in {"make", "gmake"}:
        return _recipe(words, folder, files)
    return _tox(words, folder, files) if program == "tox" else None


def _package_script(words: Sequence[str], folder: str, files: Snapshot) -> Lead | None:
    """Return what ``npm test -- ARGS`` runs, what runs before it, and the arguments."""
    rest, place = _placed(list(words[1:]), folder, files)
    rest = [w for w in rest if w not in _FLAGS]
    if place is None or not rest:
        return None
    name = {"t": "test", "tst": "test"}.get(rest[0], rest[0])
    known = scripts(files, place)
    if name not in known:
        return None
    given = [w for w in rest[1:] if w != "--"]
    text = " ".join([known[name], *map(shlex.quote, given)])
    before = known.get(f"pre{name}")
    return Lead(text=f"{before} && {text}" if before else text, folder=place)


def _placed(
    words: list[str], folder: str, files: Snapshot
) -> tuple[list[str], str | None]:
    """Take the option that names a package out of the words."""
    for at, word in enumerate(words):
        option, _, value = word.partition("=")
        if option not in _PLACES:
            continue
        end = at + 1 if value else at + 2
        value = value or "".join(words[at + 1 : at + 2])
        return words[:at] + words[end:], _package(value, folder, files)
    return words, folder


def _package(name: str, folder: str, files: Snapshot) -> str | None:
    """Return the folder of a package by its path or its name."""
    place = posixpath.normpath(posixpath.join(folder, name))
    if posixpath.join(place, "package.json") in files.paths:
        return place
    return next(
        (p for p in packages(files) if manifest(files, p).get("name") == name), None
    )


def packages(files: Snapshot) -> list[str]:
    """Return the folders that hold a package.json, the root as an empty name."""
    found = sorted(p for p in files.paths if PurePosixPath(p).name == "package.json")
    files.fetch(found)
    return [posixpath.dirname(p) for p in found if "node_modules" not in p]


def manifest(files: Snapshot, folder: str = "") -> Mapping[str, object]:
    """Return a package.json; nothing when it cannot be read."""
    try:
        document = json.loads(files.text(posixpath.join(folder, "package.json")))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def scripts(files: Snapshot, folder: str = "") -> dict[str, str]:
    """Return the scripts of a package.json; none when it cannot be read."""
    table = manifest(files, folder).get("scripts")
    if not isinstance(table, dict):
        return {}
    return {k: v for k, v in table.items() if isinstance(v, str)}


def workspaces(files: Snapshot) -> list[str]:
    """Return the folders of the packages that the root's package.json names."""
    told = manifest(files).get("workspaces")
    globs = told.get("packages") if isinstance(told, dict) else told
    if not isinstance(globs, list):
        return []
    known = [g.rstrip("/") for g in globs if isinstance(g, str)]
    return [p for p in packages(files) if p and any(paths.covers(g, p) for g in known)]


def _recipe(words: Sequence[str], folder: str, files: Snapshot) -> Lead | None:
    """Return the lines of a target that needs no other and uses no variable."""
    if len(words) != 2 or words[1].startswith("-") or "=" in words[1]:  # noqa: PLR2004
        return None
    texts = (files.text(posixpath.join(folder, name)) for name in _MAKEFILES)
    text = next((t for t in texts if t), "")
    found = re.search(
        rf"^{re.escape(words[1])}[ \t]*:(?![=:])(?P<needs>[^\n#]*)[^\n]*\n"
        r"(?P<lines>(?:\t[^\n]*\n?)+)",
        text,
        re.MULTILINE,
    )
    if found is None or found["needs"].strip() or "$" in found["lines"]:
        return None
    joined = found["lines"].replace("\\\n", " ")
    lines = [line.strip().lstrip("@") for line in joined.splitlines()]
    return Lead(text=" && ".join(filter(None, lines)), folder=folder)


def _tox(words: Sequence[str], folder: str, files: Snapshot) -> Lead | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(files.text(posixpath.join(folder, "tox.ini")))
    except (configparser.Error, ValueError):
        return None
    names = [f"testenv:{w}" for w in words[1:] if not w.startswith("-")]
    told = next(_commands(parser, [*names, "testenv"]), "")
    text = re.sub(r"\{posargs(?::([^{}]*))?\}", lambda m: m[1] or "", told)
    if not text or re.search(r"[{}]|:\s*$", text):
        return None
    lines = [line.strip().lstrip("- ") for line in text.strip().splitlines()]
    return Lead(text=" && ".join(filter(None, lines)), folder=folder)


def _commands(
    parser: configparser.ConfigParser, sections: Sequence[str]
) -> Iterator[str]:
    for name in sections:
        if parser.has_option(name, "commands"):
            yield parser.get(name, "commands")
