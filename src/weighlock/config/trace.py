"""The ``[trace]`` table: what a project asks of its markers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weighlock.config.casts import fill, one_of
from weighlock.errors import SettingsError
from weighlock.run.trace.model import STATES
from weighlock.run.trace.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSettings:
    """What ``trace`` asks of a requirement, and which states make it fail."""

    needs: tuple[str, ...] = Policy().needs
    """Kinds of marker that each requirement needs: impl, test, or a tag's own."""
    fail_on: tuple[str, ...] = ()
    """States that make ``trace`` end with exit code 1."""
    justified: Mapping[str, str] = field(default_factory=dict)
    """Id → why it may stay as it is; it is shown, and makes nothing fail."""


def trace(table: Mapping[str, Any], where: str) -> TraceSettings:
    """Read the table.

    Raises:
        SettingsError: An unknown key or state, no need, or no reason.
    """
    found = fill(TraceSettings, table, "trace", where)
    for state in found.fail_on:
        one_of(state, STATES, "a word of trace.fail_on", where)
    if not found.needs:
        raise SettingsError(
            "trace.needs is empty, so that nothing could ever be missing",
            hint='needs = ["impl"]',
            where=where,
        )
    for id_, reason in found.justified.items():
        if not reason.strip():
            raise SettingsError(
                f"trace.justified.{id_} gives no reason", hint="say why", where=where
            )
    return found
