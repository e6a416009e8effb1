"""Commands that show whether a phase of one component is done, and that can fail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname, splitext

from weighlock.plan.write.components import Component
from weighlock.plan.write.draft import Check
from weighlock.plan.write.project import Project

MARK = "{marker}"
"""Stands for the phase's own marker until its number is known."""
_UNFINISHED = r"not.?implemented|todo!\(|unimplemented!\("


def each(ids: Sequence[str], paths: Sequence[str]) -> str:
    """Return a command that fails with the first id that no file names."""
    return (
        f"for id in {' '.join(ids)}; do "
        f'grep -qwF "$id" {" ".join(paths)} || {{ echo "missing: $id"; exit 1; }}; done'
    )


@dataclass(frozen=True)
class Proof:
    """The commands of one component in one project."""

    plan: str
    project: Project
    part: Component

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Return the product files: as claimed, else where the project would put it.

        What is not a feature changes files that nobody can name beforehand.
        """
        if self.part.products or self.part.course != "feature":
            return self.part.products
        path = self.project.product_path(self.part.name)
        return (path,) if path else ()

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """Return the test files: as claimed, else where the project would put them."""
        path = self.project.test_path(self.part.name)
        return self.part.tests or ((path,) if path else ())

    def sound(self) -> Iterator[Check]:
        """Yield what shows that the product compiles or loads."""
        for path in self.products[: 1 if "{" not in self.project.sound else None]:
            if self.project.sound:
                text = _fill(self.project.sound, path)
                yield Check(text=text, about="It compiles and loads")

    def red(self) -> Iterator[Check]:
        """Yield the tests' failing run."""
        for text in self._runs():
            yield Check(text=text, expect="Tests fail (nothing is implemented yet)")

    def green(self) -> Iterator[Check]:
        """Yield the tests' passing run, then everything's."""
        for text in dict.fromkeys((*self._runs(), self.project.suite)):
            if text:
                yield Check(text=text, expect="All tests pass")

    def kept(self) -> tuple[Check, ...]:
        """Return what shows that nothing broke, for a stub."""
        if self.project.suite and self.project.tested:
            return (Check(text=self.project.suite, expect="All tests pass"),)
        return tuple(self.marked()) if self.products else (_anywhere(MARK),)

    def marked(self, *, tests: bool = False) -> Iterator[Check]:
        """Yield searches for the phase's marker."""
        paths = self.tests if tests else self.products
        if not paths:
            yield _anywhere(MARK)
        for path in paths:
            yield Check(text=f'grep -cF "{MARK}" {path}', expect="1+ markers")

    def cited(self) -> Iterator[Check]:
        """Yield a search of the tests for every requirement."""
        if self.tests:
            ids = [r.id for r in self.part.requirements]
            about = "Every requirement has a test that names it"
            yield Check(text=each(ids, self.tests), about=about)

    def honest(self) -> tuple[Check, ...]:
        """Return what shows that no test waits for a stub."""
        if not self.tests:
            return (_anywhere(MARK),)
        return tuple(
            Check(text=f'grep -niE "{_UNFINISHED}" {path}', expect="No matches")
            for path in self.tests
        )

    def finished(self) -> tuple[Check, ...]:
        """Return what shows that the work is no stub any more."""
        new = [p for p in self.products if p not in self.project.paths]
        left = [
            Check(text=f'grep -niE "{_UNFINISHED}" {path}', expect="No matches")
            for path in new
        ]
        if left:
            return tuple(left)
        if self.project.suite:
            return (Check(text=self.project.suite, expect="All tests pass"),)
        return (_anywhere(MARK),)

    def _runs(self) -> tuple[str, ...]:
        if self.tests and self.project.one:
            return tuple(_fill(self.project.one, path) for path in self.tests)
        return (self.project.suite,) if self.project.suite else ()


def _anywhere(marker: str) -> Check:
    """Search the repository, but not its documents: the plan holds the words too."""
    text = f'grep -rlF --exclude="*.md" --exclude-dir=.git "{marker}" .'
    return Check(text=text, expect="1+ files")


def _fill(pattern: str, path: str) -> str:
    stem = splitext(path)[0]
    return (
        pattern.replace("{path}", path)
        .replace("{name}", stem.rpartition("/")[2])
        .replace("{module}", stem.replace("/", "."))
        .replace("{folder}", dirname(path) or ".")
    )
