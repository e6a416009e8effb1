"""Whose plan it is: the repository that a plan lies in, and what it is configured."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import get_args

from weighlock.config import LintSettings, Settings, find
from weighlock.plan.lint.ground import Ground
from weighlock.plan.model import Plan, Problem, Severity


@dataclass(frozen=True)
class Home:
    """The repository around a plan, or the current folder where there is none."""

    top: Path
    repository: bool
    settings: Settings

    def relative(self, file: str) -> str:
        """Return a path as the repository knows it; one from outside stays."""
        try:
            return Path(file).resolve().relative_to(self.top).as_posix()
        except ValueError:
            return file

    def ground(self, plan: Plan) -> Ground | None:
        """Return what the repository holds; None where there is nothing to look at."""
        if not self.repository:
            return None
        from weighlock.git import GitError
        from weighlock.ground import look

        try:
            return look(self.top, plan)
        except GitError:  # no commit yet, or no git here: rules that ask stay silent
            return None

    def weighed(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Return the problems as the configuration wants them: levelled or left out."""
        found = (_levelled(p, self.settings.lint) for p in problems)
        return tuple(p for p in found if p is not None and not self._left_out(p))

    def _left_out(self, problem: Problem) -> bool:
        if problem.source is None or not self.settings.lint.files:
            return False
        file = self.relative(problem.source.file)
        return any(
            problem.code in rules and fnmatch(file, glob)
            for glob, rules in self.settings.lint.files.items()
        )


def _levelled(problem: Problem, lint: LintSettings) -> Problem | None:
    level = lint.severity.get(problem.code, problem.severity)
    if problem.code in lint.ignore or level == "off":
        return None
    return replace(problem, severity=_SEVERITIES[level])


_SEVERITIES: dict[str, Severity] = {one: one for one in get_args(Severity)}


@dataclass
class Homes:
    """Homes by folder, each configuration read once."""

    repo: Path | None
    config: Path | None
    _known: dict[Path, Home] = field(default_factory=dict)

    def of(self, path: Path) -> Home:
        """Return the home of a plan.

        Raises:
            SettingsError: Its configuration is wrong.
        """
        around = self._given or _top(path)
        top = around or Path.cwd()
        if top not in self._known:
            settings = find(top, self.config)
            self._known[top] = Home(top, around is not None, settings)
        return self._known[top]

    @cached_property
    def _given(self) -> Path | None:
        return self.repo and (_top(self.repo) or self.repo.resolve())


def _top(path: Path) -> Path | None:
    """Return the top of the repository that a path lies in; no process is started."""
    whole = path.resolve()
    return next((p for p in (whole, *whole.parents) if (p / ".git").exists()), None)
