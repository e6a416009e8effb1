"""The ``[gate]`` table: what checks may use that the plan does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from weighlock.config.casts import fill, one_of, place
from weighlock.errors import SettingsError

_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerSettings:
    """A model that reviews by itself, without an agent around it."""

    provider: str = ""
    """Name of a ``providers`` table that has buckets."""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSettings:
    """What checks may use that the plan does not say."""

    setup: tuple[str, ...] = ()
    """Commands that make a clean checkout testable."""
    test: str | None = None
    """The suite; detected when None."""
    protect: tuple[str, ...] = ()
    """Globs that no phase may change."""
    oracle: Path | None = None
    """Probes kept outside the repository."""
    build: str | None = None
    lint: str | None = None
    types: str | None = None
    format: str | None = None
    mutation: float | str = "auto"
    """Percent of our mutants that tests must kill; "auto": as the plan asks; "off"."""
    mutation_s: float = 180.0
    """Time for all mutants of one gate, in seconds."""
    coverage: float | str = "auto"
    """Percent of the changed lines that tests must run; "auto" and "off" as above."""
    review: str = "auto"
    """Whether a reviewer reads what passed: "auto": as the plan asks; "on"; "off"."""
    reviewer: str | ReviewerSettings | None = None
    """Who reviews: an agent's name, or { provider, model }, which is asked through the
    buckets. Its "no" goes to a person, its "yes" changes nothing."""
    review_s: float = 900.0
    """Time limit of one review, in seconds."""
    command_s: float = 600.0
    """Time limit of one command of a plan or one run of the suite, in seconds."""


def gate(
    table: Mapping[str, Any], where: str, source: Path, *, served: Sequence[str]
) -> GateSettings:
    """Read the table.

    Args:
        table: The table.
        where: The file, for messages.
        source: The same; paths are relative to its folder.
        served: The providers that have buckets.

    Raises:
        SettingsError: An unknown key, a wrong type, a share beyond the whole, or a
            reviewer that nobody could ask.
    """
    plain = {k: v for k, v in table.items() if k != "reviewer"}
    found = fill(GateSettings, plain, "gate", where)
    reviewer = _reviewer(table.get("reviewer"), where, served)
    found = replace(found, reviewer=reviewer)
    _percent(found.mutation, "gate.mutation", where)
    _percent(found.coverage, "gate.coverage", where)
    one_of(found.review, ("auto", "on", "off"), "gate.review", where)
    if found.review == "on" and found.reviewer is None:
        raise SettingsError(
            "gate.review is on, and nobody is named to do it",
            hint='in [gate]: reviewer = "NAME" of an agent, or = { provider, model }',
            where=where,
        )
    return replace(found, oracle=place(found.oracle, source))


def _reviewer(
    value: object, where: str, served: Sequence[str]
) -> str | ReviewerSettings | None:
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise SettingsError(f"gate.reviewer has the wrong type: {value!r}", where=where)
    found = fill(ReviewerSettings, value, "gate.reviewer", where)
    for name in ("provider", "model"):
        if not getattr(found, name):
            raise SettingsError(f"gate.reviewer.{name} is missing", where=where)
    if not served:
        raise SettingsError(
            f"gate.reviewer is asked through {found.provider}, which has no bucket",
            hint=f"weighlock bucket add ID --provider {found.provider} --key-env NAME",
            where=where,
        )
    one_of(found.provider, tuple(served), "gate.reviewer.provider", where)
    return found


def _percent(value: float | str, name: str, where: str) -> None:
    if isinstance(value, str):
        one_of(value, ("auto", "off"), name, where)
    elif value > _WHOLE:
        raise SettingsError(f"{name} is percent, 100 at most: {value:g}", where=where)
