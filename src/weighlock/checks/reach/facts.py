"""What one file defines, names and loads, whatever its language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MODULE = ""
"""The unit of what stands outside every definition: it runs when a file is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One name that a file takes from another."""

    source: str
    """As written: ``pkg.mod``, ``..mod``, ``./mod``, ``crate::mod``."""
    name: str = ""
    """What is taken; empty: the whole module; ``*``: every name of it."""
    alias: str = ""
    """What it is called here; empty: it gets no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One file; a unit is a definition of its top level."""

    uses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Unit → the names in its code; imports and the unit's own name left out."""
    hooked: frozenset[str] = frozenset()
    """Units that a decorator or an annotation hands to somebody else."""
    private: frozenset[str] = frozenset()
    """Units that no other file can ask for."""
    imports: tuple[Import, ...] = ()
    extends: bool = False
    """Whether a class of it extends one of elsewhere, which may keep a list of them."""
    strings: frozenset[str] = frozenset()
    """Literals that could name a module."""

    @property
    def defines(self) -> frozenset[str]:
        """Return the units but the module's own."""
        return frozenset(self.uses) - {MODULE}


NOTHING = Facts()
