"""commands.md and exit-codes.md: what the command line takes and answers."""

import inspect
from collections.abc import Iterable, Iterator

import click
import meanings
from tables import TOLD, paragraph, table

from weighlock import cli, errors
from weighlock.cli.verify import EXIT

OPTIONS = ("repo", "config", "json", "color", "quiet", "help")


def commands() -> str:
    """Say what every verb does and which options it has."""
    group = cli.cli
    parts = [
        "# Commands\n\n" + TOLD,
        "Every verb also has these, before or after its name:\n\n"
        + _options(p for p in group.params if p.name in OPTIONS)
        + "\n\n`-h` helps; `weighlock --version` says which version it is. Data goes to"
        "\nstdout and words for people to stderr.",
        paragraph(
            "What the codes at the end of a command mean:",
            "[exit codes](exit-codes.md). What `--json` prints: [JSON](json.md).",
        ),
    ]
    for name in cli.VERBS:
        command = group.get_command(click.Context(group), name)
        if command is not None:
            parts += _command(f"weighlock {name}", command)
    return "\n\n".join(parts) + "\n"


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## `{name}`"
    yield f"    {name} {usage}".rstrip()
    yield inspect.cleandoc(command.help or "")
    own = [p for p in command.params if p.name not in OPTIONS and not _hidden(p)]
    if any(isinstance(p, click.Option) for p in own):
        yield _options(own)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            if inner is not None:
                yield from _command(f"{name} {each}", inner)


def _hidden(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.hidden


def _options(parameters: Iterable[click.Parameter]) -> str:
    rows = []
    for one in parameters:
        if isinstance(one, click.Option):
            names = ", ".join(f"`{o}`" for o in one.opts)
            rows.append((names, _takes(one), one.help or ""))
    return table(("option", "takes", "means"), rows)


def _takes(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " ".join(f"`{c}`" for c in option.type.choices)
    if isinstance(option.type, click.IntRange):
        return f"a number from {option.type.min}"
    many = ", may be repeated" if option.multiple else ""
    return f"{option.metavar or option.type.name.upper()}{many}"


def exit_codes() -> str:
    """Say what the number at the end of a command means."""
    rows = [(f"`{n}`", means, then) for n, means, then in meanings.EXITS]
    verdicts = ", ".join(f"`{v}` {n}" for v, n in EXIT.items())
    classes = [
        (f"`{c.__name__}`", f"`{c.exit_code}`", (c.__doc__ or "").splitlines()[0])
        for c in vars(errors).values()
        if isinstance(c, type)
        and issubclass(c, errors.WeighlockError)
        and c.exit_code > 1
    ]
    parts = [
        "# Exit codes\n\n" + TOLD,
        table(("code", "means", "what to do"), rows),
        "`weighlock verify` ends with the code of its verdict: " + verdicts + ".",
        paragraph(
            "`weighlock status` ends with the code that fits what it shows; a run that",
            "is under way or stopped gives 0.",
        ),
        paragraph(
            "With `--json`, an error is also one JSON object on stdout",
            "(`weighlock/error/1`):",
        ),
        table(("`error`", "code", "means"), classes),
    ]
    return "\n\n".join(parts) + "\n"
