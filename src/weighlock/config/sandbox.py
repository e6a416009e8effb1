"""The table ``sandbox``: what programs of the gate and agents run in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from weighlock.config.casts import fill, one_of

Use = Literal["auto", "bubblewrap", "landlock", "none"]
"""``auto`` takes the best that works on the machine."""

USES: tuple[Use, ...] = get_args(Use)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """What lies inside the walls beside the tools of the machine and the tree."""

    use: str = "auto"
    """auto, bubblewrap, landlock or none; ``agents.NAME.sandbox`` beats it."""
    read: tuple[str, ...] = ()
    """Paths that agents and programs of the gate may read."""
    write: tuple[str, ...] = ()
    """Paths that they may change."""
    network: bool = False
    """Whether programs of the gate have a network; agents always have."""


def sandbox(table: Mapping[str, Any], where: str, source: Path) -> SandboxSettings:
    """Read the table; a path is relative to the file's folder.

    Raises:
        SettingsError: An unknown key, a wrong type, or a sandbox nobody knows.
    """
    found = fill(SandboxSettings, table, "sandbox", where)
    one_of(found.use, USES, "sandbox.use", where)
    return replace(
        found,
        read=_absolute(found.read, source),
        write=_absolute(found.write, source),
    )


def _absolute(names: tuple[str, ...], source: Path) -> tuple[str, ...]:
    return tuple(str((source.parent / Path(n).expanduser()).resolve()) for n in names)
