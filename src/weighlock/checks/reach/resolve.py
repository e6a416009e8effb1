"""Which files of a tree an import may mean; several where nobody can tell."""

import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from weighlock.checks.reach.facts import Import
from weighlock.syntax.language import Language, language

_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_HEADS = frozenset({"crate", "self", "super", "@", "~", "#", "src"})
_INDEX = frozenset({"index", "__init__", "mod", "lib", "main"})
"""Files that speak for their folder."""


class Resolver:
    """Find files by what imports call them.

    Args:
        files: Every program file of the tree.
        read: Returns a file's bytes; for the names of packages.
        packages: Every ``package.json``.
    """

    def __init__(
        self,
        files: Iterable[str],
        read: Callable[[str], bytes | None],
        packages: Iterable[str],
    ) -> None:
        self._files = frozenset(files)
        self._read = read
        self._packages = tuple(packages)

    def files(self, path: str, what: Import) -> frozenset[str]:
        """Return the files that an import in ``path`` may mean."""
        kind = family(path)
        if kind == "go":
            return self._folder(re.split(r"/", what.source))
        whole = (
            [what.source, what.name] if what.name not in {"", "*"} else [what.source]
        )
        found: frozenset[str] = frozenset()
        for parts in (whole, [what.source]):
            found |= self._one(path, kind, parts)
        return frozenset(f for f in found if family(f) == kind) - {path}

    def modules(self, path: str, what: Import) -> frozenset[str]:
        """Return the files that a name itself is: ``from pkg import mod``."""
        if what.name in {"", "*"} or family(path) in {"script", "go", "java"}:
            return frozenset()
        parts = [what.source, what.name]
        found = self._one(path, family(path), parts)
        return found - self._one(path, family(path), [what.source])

    def beside(self, path: str) -> list[str]:
        """Return the files of the same language in the same folder."""
        folder = posixpath.dirname(path)
        mates = self._by_folder.get((folder, family(path)), ())
        return [mate for mate in mates if mate != path]

    def _one(self, path: str, kind: str, parts: list[str]) -> frozenset[str]:
        if kind == "script":
            return self._script(path, parts[0])
        if kind == "python" and parts[0].startswith("."):
            level = len(parts[0]) - len(parts[0].lstrip("."))
            folder = path.split("/")[:-level]
            words = [*folder, *_words(".".join(parts).lstrip("."))]
            return self._exact("/".join(words))
        return self._tail(_words(".".join(parts)))

    def _script(self, path: str, source: str) -> frozenset[str]:
        if source.startswith("."):
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), source))
            return self._exact(there)
        for name, folder in self._workspaces.items():
            if source == name or source.startswith(f"{name}/"):
                rest = source.removeprefix(name).strip("/")
                return self._package(folder, rest)
        return self._tail(_words(source)) if "/" in source else frozenset()

    def _package(self, folder: str, rest: str) -> frozenset[str]:
        places = [posixpath.join(folder, d, rest) for d in ("", "src", "lib")]
        found = [self._exact(posixpath.normpath(place)) for place in places]
        return frozenset().union(*found)

    def _exact(self, place: str) -> frozenset[str]:
        place = place.strip("/")
        names = {place, stem(place)}
        return frozenset(f for n in names for f in self._by_place.get(n, ()))

    def _tail(self, words: list[str]) -> frozenset[str]:
        """Find the files whose path ends so; the longest ending that any has."""
        while words:
            found = frozenset(
                f
                for f in self._by_last.get(words[-1], ())
                if _place(f).split("/")[-len(words) :] == words
            )
            if found:
                return found
            words = words[1:]
        return frozenset()

    def _folder(self, words: list[str]) -> frozenset[str]:
        while words:
            end = "/".join(words)
            found = frozenset(
                f
                for f in self._files
                if f.endswith(".go") and f"/{posixpath.dirname(f)}".endswith(f"/{end}")
            )
            if found:
                return found
            words = words[1:]
        return frozenset()

    @cached_property
    def _by_place(self) -> Mapping[str, set[str]]:
        places: defaultdict[str, set[str]] = defaultdict(set)
        for path in self._files:
            places[path].add(path)
            places[stem(path)].add(path)
            places[_place(path)].add(path)
        return places

    @cached_property
    def _by_last(self) -> Mapping[str, set[str]]:
        last: defaultdict[str, set[str]] = defaultdict(set)
        for path in self._files:
            last[_place(path).rpartition("/")[2]].add(path)
        return last

    @cached_property
    def _by_folder(self) -> Mapping[tuple[str, str], list[str]]:
        folders: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for path in sorted(self._files):
            folders[posixpath.dirname(path), family(path)].append(path)
        return folders

    @cached_property
    def _workspaces(self) -> Mapping[str, str]:
        """Name of a package of this tree → its folder."""
        return dict(self._named())

    def _named(self) -> Iterator[tuple[str, str]]:
        for path in self._packages:
            try:
                name = json.loads(self._read(path) or b"{}").get("name")
            except (ValueError, AttributeError):
                continue
            if isinstance(name, str) and name:
                yield name, posixpath.dirname(path)


def family(path: str) -> str:
    """Return the language of a file, one word for those that import each other."""
    known: Language | None = language(path)
    return "script" if known in _SCRIPTS else known or ""


def stem(path: str) -> str:
    """Return a path without the ending of its name, ``.d.ts`` being one."""
    return re.sub(r"(\.d)?\.[A-Za-z]+$", "", path)


def _place(path: str) -> str:
    """Return what a file is imported by: its path, or its folder's where it is all."""
    bare = stem(path)
    folder, _, name = bare.rpartition("/")
    return folder if name in _INDEX and folder else bare


def _words(source: str) -> list[str]:
    words = [w for w in re.split(r"[./:]+", source) if w]
    while words and words[0] in _HEADS:
        words = words[1:]
    if words and words[-1] in {"js", "mjs", "cjs", "jsx", "ts", "tsx"}:
        words = words[:-1]
    return words
