"""The table ``lint``: rules by any of their names, each with its level."""

from collections.abc import Mapping
from typing import Literal, get_args

from weighlock.config.casts import one_of
from weighlock.errors import SettingsError

Level = Literal["error", "warning", "info", "off"]
LEVELS: tuple[Level, ...] = get_args(Level)


def codes(rules: tuple[str, ...], name: str, where: str) -> tuple[str, ...]:
    """Return the whole codes of rules.

    Raises:
        SettingsError: One is no rule.
    """
    return tuple(_code(rule, name, where) for rule in rules)


def severities(given: Mapping[str, str], where: str) -> dict[str, str]:
    """Return whole code → level.

    Raises:
        SettingsError: One is no rule, or no level.
    """
    for rule, level in given.items():
        one_of(level, LEVELS, f"lint.severity.{rule}", where)
    return {_code(r, "lint.severity", where): level for r, level in given.items()}


def _code(rule: str, name: str, where: str) -> str:
    from weighlock.plan.lint.names import named, near

    found = named(rule)
    if found is None:
        meant = near(rule)
        hint = f"did you mean {meant!r}?" if meant else "weighlock explain lists them"
        raise SettingsError(
            f"{name} names no rule of lint: {rule!r}", hint=hint, where=where
        )
    return found.code
