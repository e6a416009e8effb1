"""Layer 8, integration: new code is used by code that existed before."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reach import before
from weighlock.checks.reach.entries import (
    BY_NAME,
    is_entry,
    spellings,
    starts_itself,
)
from weighlock.checks.reach.facts import MODULE, Import
from weighlock.checks.reach.resolve import Resolver, family, stem
from weighlock.checks.reach.unsaid import unsaid
from weighlock.checks.reach.web import Goal, Unit, Web, read
from weighlock.checks.reading import paths
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence
from weighlock.syntax.language import language as known

_ROUNDS = 4
"""How often a name is given another one on its way, at most."""
_PEERS = 5
"""Neighbours that are asked how they are found."""


@dataclass(frozen=True, slots=True)
class _New:
    """What the phase added to the product."""

    files: frozenset[str]
    units: frozenset[Unit]
    """Definitions, those in files that existed included."""


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether what the phase added is used from code that existed before.

    A use is a name in code that can run; an import alone is none, unless loading the
    file hands something over: a decorator, a call that registers.  What only runs by
    name at run time cannot be seen here: there the question goes to a person.
    """
    seen: list[Found] = []
    new = _New(frozenset(), frozenset())
    if rules.wiring:
        view = _View(subject)
        new = view.new
        seen += view.judge() if new.units else view.joins()
    fine = "the new code is used" if new.units else "nothing new to reach"
    return weigh("wiring", "leftover", seen, fine=fine, decides=False)


class _View:
    """The product before and after, as far as it speaks of what is new."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._code = sorted(p for p in subject.new.paths if known(p) is not None)
        subject.new.fetch(self._code)
        packages = [p for p in subject.new.paths if p.endswith("package.json")]
        subject.new.fetch(packages)
        self.web = Web(
            subject.new.read, Resolver(self._code, subject.new.read, packages)
        )
        self.new = self._find_new()
        self._names = self._all_names(self.new)

    def judge(self) -> Iterator[Found]:
        """Say which of the new files nothing comes to."""
        goal = Goal(files=self.new.files, units=self.new.units, names=self._names)
        reached = self.web.reached(self._roots(), goal) | self._by_entry(goal)
        used = {path for path, name in reached if name != MODULE}
        loaded = {path for path, _ in reached}
        missing = [p for p in sorted(self.new.files) if p not in used and self._has(p)]
        planned = [p for p in missing if self._is_planned(p)]
        if planned:
            yield from (f for p in planned for f in self._missing(p, loaded))
        elif missing and not used:
            yield from self._missing(missing[0], loaded)
        elif missing:
            yield from (_spare(path) for path in missing)
        elif self.new.units and not used:
            path, name = min(self.new.units)
            message = f"{name} is new, and nothing uses it"
            yield found("review", "not-wired", message, path=path)

    def joins(self) -> Iterator[Found]:
        """Say whether what changed uses something that the phases before it made.

        Where a phase brings nothing of its own, that is what it is there to connect.
        """
        changed = {c.path for c in self.subject.work() if c.status != "D"}
        mine = [p for p in sorted(changed) if _is_code(p)]
        made = [p for p in before.made(self.subject, self._code) if _is_code(p)]
        strange = {family(p) for p in made} - {family(p) for p in mine}
        if not mine or not made or strange or changed.intersection(made):
            return  # no code joins it, or one of another language, or it joins itself
        facts = [(p, self.web.facts(p)) for p in mine]
        texts = {text for _, each in facts for text in each.strings}
        hinted = before.hinted(self.subject, facts, made)
        hinted = hinted or not texts.isdisjoint(s for p in made for s in spellings(p))
        if not hinted and not self._uses(mine, made):
            message = f"nothing here uses what the phases before it made: {made[0]}"
            yield found("review", "not-wired", message, path=mine[0])

    def _uses(self, mine: list[str], made: list[str]) -> bool:
        units = {(p, name) for p in made for name in self.web.facts(p).defines}
        names = self._all_names(_New(frozenset(made), frozenset(units)))
        goal = Goal(files=frozenset(made), units=frozenset(units), names=names)
        roots = [(p, n) for p in mine for n in (MODULE, *self.web.facts(p).defines)]
        return any(name != MODULE for _, name in self.web.reached(roots, goal))

    def _find_new(self) -> _New:
        files, units = set(), set()
        for change in self.subject.work():
            path = change.path
            if change.status == "D" or not _is_code(path):
                continue
            now = self.web.facts(path)
            if change.status == "A":
                files.add(path)
                units |= {(path, name) for name in now.defines}
            else:
                was = read(path, self.subject.old.read(path) or b"")
                fresh = (now.defines & now.private) - was.defines - now.hooked
                units |= {(path, name) for name in fresh}
        return _New(frozenset(files), frozenset(units))

    def _has(self, path: str) -> bool:
        """Say whether a file holds anything that could be used."""
        return bool(self.web.facts(path).defines) and not BY_NAME.search(path)

    def _is_planned(self, path: str) -> bool:
        action = self.subject.action(path)
        return action is not None and action.action != "keep"

    def _all_names(self, new: _New) -> frozenset[str]:
        """Return every name that new code goes by, on its way through other files."""
        names = {name for _, name in new.units if name != "default"}
        names |= {word for p in new.files for word in _words(p) if word}
        for _ in range(_ROUNDS):
            more = {
                i.alias
                for path in self._speaking(frozenset(names))
                for i in self.web.facts(path).imports
                if i.alias
                and (i.name in names or (i.source and self._leads(path, i, new)))
            }
            if more <= names:
                break
            names |= more
        return frozenset(names)

    def _leads(self, path: str, what: Import, new: _New) -> bool:
        return bool(self.web.files(path, what) & new.files)

    def _speaking(self, names: frozenset[str]) -> list[str]:
        """Return the product files in which one of the names stands."""
        if not names:
            return []
        words = "|".join(re.escape(n) for n in sorted(names))
        pattern = re.compile(rf"(?<![A-Za-z0-9_])(?:{words})(?![A-Za-z0-9_])".encode())
        return [
            p
            for p in self._code
            if _is_code(p) and pattern.search(self.subject.new.read(p) or b"")
        ]

    def _roots(self) -> Iterator[Unit]:
        """Return the code that existed before, as far as it speaks of what is new."""
        for path in self._speaking(self._names):
            if path in self.new.files:
                if path.endswith(".java"):  # frameworks find these on the class path
                    hooked = self.web.facts(path).hooked
                    yield from ((path, name) for name in hooked)
                continue
            facts = self.web.facts(path)
            yield path, MODULE
            dead = {n for n in facts.private if (path, n) in self.new.units}
            dead |= unsaid(self.subject, self.web, self._code, path)
            yield from ((path, name) for name in facts.defines - dead)

    def _by_entry(self, goal: Goal) -> frozenset[Unit]:
        """Return what people or the outside start: named entries, public names."""
        named = [p for p in self.new.files if is_entry(self.subject, p)]
        roots = [(p, n) for p in named for n in self.web.facts(p).defines]
        roots += self._published()
        return frozenset(roots) | self.web.reached(roots, goal)

    def _published(self) -> Iterator[Unit]:
        """Return what a test takes by way of a file that existed: a public name."""
        base = self.subject.old.paths
        for path in self._code:
            if not paths.is_test(path) or not self._speaks(path):
                continue
            for what in self.web.facts(path).imports:
                for file in self.web.files(path, what):
                    if file in base and _is_code(file) and what.name:
                        meant = self.web.meant(file, what.name)
                        yield from (u for u in meant if u in self.new.units)

    def _speaks(self, path: str) -> bool:
        text = self.subject.new.text(path)
        return any(name in text for name in self._names)

    def _missing(self, path: str, loaded: set[str]) -> Iterator[Found]:
        """Say how sure it is that nothing comes to a file."""
        named = self._named_in_text(path)
        if named:
            message = (
                f"it is named only in a text of {named}, and nothing shows that this "
                "runs it"
            )
            yield found("review", "not-wired", message, path=path)
        elif path in loaded:
            facts = self.web.facts(path)
            message = "it is imported and never used"
            sure: Weight = "review" if facts.extends else "fail"
            yield found(sure, "not-wired", message, path=path)
        elif peers := self._found_by_place(path):
            message = f"nothing names it; {peers} in its place is not named either"
            usual: Weight = "note" if self._is_planned(path) else "review"
            yield found(usual, "not-wired", message, path=path)
        else:
            message = "nothing that existed before uses what this phase added"
            yield found("review", "not-wired", message, path=path)

    def _named_in_text(self, path: str) -> str:
        """Return an existing file with a literal that names the module, if any."""
        wanted = spellings(path)
        for other in self._speaking(frozenset({_stem(path)})):
            if other in self.new.files:
                continue
            strings = self.web.facts(other).strings
            if any(text.partition(":")[0].lstrip("./") in wanted for text in strings):
                return other
        return ""

    def _found_by_place(self, path: str) -> str:
        """Return a neighbour at base that nothing names either, if all are so."""
        folder, end = posixpath.dirname(path), posixpath.splitext(path)[1]
        changed = {change.path for change in self.subject.changes}
        name = posixpath.basename(path)
        peers = [
            p
            for p in sorted(self.subject.old.paths & self.subject.new.paths - changed)
            if p.endswith(end)
            and _is_code(p)
            and (posixpath.dirname(p) == folder or posixpath.basename(p) == name)
        ]
        runs = self.subject
        peers = [p for p in peers if self._has(p) and not starts_itself(runs, p)]
        if not peers or any(self._is_imported(p) for p in peers[:_PEERS]):
            return ""
        return peers[0]

    def _is_imported(self, path: str) -> bool:
        return any(
            path in self.web.files(other, what)
            for other in self._speaking(frozenset({_stem(path)}))
            for what in self.web.facts(other).imports
        )


def _spare(path: str) -> Found:
    message = "nothing uses this file; the plan does not ask for it"
    return found("note", "not-wired", message, path=path)


def _is_code(path: str) -> bool:
    return known(path) is not None and paths.role(path) == "product"


def _words(path: str) -> Iterator[str]:
    """Return the words that an import of a file holds, at least one of them."""
    yield _stem(path)
    if path.endswith(".go"):
        yield posixpath.dirname(path).rpartition("/")[2]


def _stem(path: str) -> str:
    """Return the word that imports name a file by."""
    folder, _, name = stem(path).rpartition("/")
    speaks_for_folder = name in {"index", "__init__", "mod"} and folder
    return folder.rpartition("/")[2] if speaks_for_folder else name
