"""What a program may see and change, as a value."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Folders and files inside the walls, beside the machine's own tools.

    A path that does not exist is left out.
    """

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    hide: tuple[Path, ...] = ()
    """Not to be seen, even where a folder above it is inside."""
    network: bool = False
    """Without it there is a loopback of its own and nothing else (bubblewrap)."""


def outermost(places: Iterable[Path]) -> tuple[Path, ...]:
    """Drop what lies in another one of them."""
    kept: list[Path] = []
    for place in sorted(set(places), key=lambda p: len(p.parts)):
        if not any(place.is_relative_to(other) for other in kept):
            kept.append(place)
    return tuple(kept)
