"""What a call of ``new`` asks for."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT = "project-plans"
"""The folder of plans, below the repository's root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options of ``new``, as given."""

    spec: str
    into: Path | None = None
    name: str | None = None
    form: str = "directory"
    claims: tuple[str, ...] = ()
    number: str | None = None
    agent: str | None = None
    yes: bool = False
