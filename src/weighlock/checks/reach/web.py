"""Follow the uses of names from file to file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from weighlock.checks.reach.facts import MODULE, NOTHING, Facts, Import
from weighlock.checks.reach.resolve import Resolver, family
from weighlock.syntax.language import language

Unit = tuple[str, str]
"""A path, and a definition of its top level."""

_DEEPEST = 8
"""Files that a name is handed on through, at most."""


def read(path: str, data: bytes) -> Facts:
    """Return the facts of a file; nothing for a language without a grammar here."""
    known = language(path)
    if known is None:
        return NOTHING
    if known == "python":
        from weighlock.checks.reach import python

        return python.facts(data)
    from weighlock.checks.reach import trees

    return trees.facts(known, data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What somebody wants to come to."""

    files: frozenset[str]
    """Whole files."""
    units: frozenset[Unit]
    """Definitions in other files."""
    names: frozenset[str]
    """Every name that any of it goes by."""

    def holds(self, unit: Unit) -> bool:
        """Say whether a unit belongs to it."""
        return unit[0] in self.files or unit in self.units


class Web:
    """The files of a tree, read when somebody comes to them."""

    def __init__(
        self, content: Callable[[str], bytes | None], resolver: Resolver
    ) -> None:
        self._content = content
        self._resolver = resolver
        self._facts: dict[str, Facts] = {}

    def facts(self, path: str) -> Facts:
        """Return what a file defines, names and loads."""
        if path not in self._facts:
            self._facts[path] = read(path, self._content(path) or b"")
        return self._facts[path]

    def files(self, path: str, what: Import) -> frozenset[str]:
        """Return the files that an import of a file may mean."""
        return self._resolver.files(path, what)

    def reached(self, roots: Iterable[Unit], goal: Goal) -> frozenset[Unit]:
        """Return what is used of the goal, from the roots on and from unit to unit.

        A file that something of is used, or that is loaded, runs its own top level;
        what a decorator hands to somebody is used once its file is loaded.
        """
        todo, seen = list(roots), set[Unit]()
        while todo:
            for other in self._next(todo.pop(), goal):
                if other not in seen and goal.holds(other):
                    seen.add(other)
                    todo.append(other)
        return frozenset(seen)

    def _next(self, unit: Unit, goal: Goal) -> Iterator[Unit]:
        path, name = unit
        found = self.facts(path)
        names = found.uses.get(name, frozenset())
        yield path, MODULE
        yield from ((path, other) for other in names & found.defines)
        if name == MODULE:
            yield from ((path, other) for other in found.hooked)
        for what in found.imports:
            if name == MODULE:
                files = self._resolver.files(path, what)
                yield from ((file, MODULE) for file in files & goal.files)
            yield from self._taken(path, what, names, goal)
        if family(path) in {"go", "java"} and names & goal.names:
            for mate in self._resolver.beside(path):
                if mate in goal.files or names & goal.names:
                    yield from ((mate, n) for n in names & self.facts(mate).defines)

    def _taken(
        self, path: str, what: Import, names: frozenset[str], goal: Goal
    ) -> Iterator[Unit]:
        """Follow one import as far as these names of a unit go."""
        wanted = names & goal.names
        named = what.name not in {"", "*"}
        if what.name != "*" and what.alias not in names:
            return
        if named and {what.name, what.alias} & goal.names:
            for file in self._resolver.files(path, what):
                yield from self.meant(file, what.name)
        whole = self._resolver.modules(path, what) if named else None
        if whole is None:
            whole = self._resolver.files(path, what)
        for file in whole if wanted or whole & goal.files else ():
            yield file, MODULE
            for name in wanted | {"default"}:
                yield from self.meant(file, name)

    def meant(self, path: str, name: str, depth: int = _DEEPEST) -> Iterator[Unit]:
        """Return the units that a name of a file stands for, handed on or its own."""
        found = self.facts(path)
        if name in found.defines:
            yield path, name
            return
        for what in found.imports if depth else ():
            if what.alias == name and what.name not in {"", "*"}:
                for file in self._resolver.files(path, what):
                    yield from self.meant(file, what.name, depth - 1)
            elif what.name == "*":
                for file in self._resolver.files(path, what):
                    yield from self.meant(file, name, depth - 1)
