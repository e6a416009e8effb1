"""The options that every verb has, before or after it, and how verbs print."""

import functools
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

MODES = ("auto", "live", "plain", "json", "quiet")
"""How a run is shown: ``--progress``."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Globals:
    """The global options of one call; a verb's own place wins over the group's."""

    repo: Path | None = None
    config: Path | None = None
    json: bool = False
    color: str = "auto"
    quiet: bool = False

    def take(self, given: Mapping[str, Any]) -> None:
        """Keep the options that were really given."""
        for name in ("repo", "config"):
            if given.get(name) is not None:
                setattr(self, name, Path(given[name]))
        self.json = self.json or bool(given.get("json"))
        self.quiet = self.quiet or bool(given.get("quiet"))
        self.color = given.get("color") or self.color

    def folder(self) -> Path:
        """Return the folder that ``--repo`` names, or the current one."""
        return self.repo or Path()

    def data(self, document: object) -> None:
        """Print one JSON document on stdout."""
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")

    def say(self, text: str) -> None:
        """Tell a person something on stderr, unless ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)

    def colored(self) -> bool:
        """Say whether stdout may carry colours (NO_COLOR, FORCE_COLOR, a terminal)."""
        import os

        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


_OPTIONS = (
    click.option("--repo", metavar="DIR", help="The repository; default: here."),
    click.option("--config", metavar="FILE", help="In place of weighlock.toml."),
    click.option("--json", is_flag=True, help="Data on stdout, for programs."),
    click.option("--color", type=click.Choice(["auto", "always", "never"])),
    click.option("-q", "--quiet", is_flag=True, help="Only results and errors."),
)


def global_options(function: F) -> F:
    """Add the global options; they go to the call's Globals, not to the function."""

    @functools.wraps(function)
    def wrapped(**given: Any) -> Any:  # noqa: ANN401 - click hands over mixed options
        globals_ = click.get_current_context().ensure_object(Globals)
        mine = ("repo", "config", "json", "color", "quiet")
        globals_.take({k: given.pop(k) for k in mine})
        return function(**given)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]


def verb(
    name: str | None = None,
) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command of a function ``(globals, **options) -> exit code``."""

    def decorate(function: Callable[..., int | None]) -> click.Command:
        @functools.wraps(function)
        def call(**given: Any) -> None:  # noqa: ANN401
            context = click.get_current_context()
            code = function(context.ensure_object(Globals), **given)
            context.exit(code or 0)

        return click.command(name or function.__name__)(global_options(call))

    return decorate
