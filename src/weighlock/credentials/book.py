"""The benches of all buckets, in memory; ``FileBook`` shares them by a file."""

from collections.abc import Callable, Mapping
from typing import Protocol

from weighlock.credentials.policy.bench import Bench

Change = Callable[[Bench | None], Bench | None]
"""The bench until now → the bench from now on; None: none."""


class Book(Protocol):
    """Every bench by its key ``<bucket>/<account>/<model>``."""

    def read(self) -> Mapping[str, Bench]:
        """Return what is known now; cheap, for it is asked with every request."""

    def change(self, key: str, change: Change) -> Bench | None:
        """Change one bench, alone among all processes; return what it is now."""

    def forget(self, prefix: str) -> int:
        """Remove every bench whose key begins so; return how many there were."""


class MemoryBook:
    """The benches of one process."""

    def __init__(self) -> None:
        self._benches: dict[str, Bench] = {}

    def read(self) -> Mapping[str, Bench]:
        """Return the benches."""
        return self._benches

    def change(self, key: str, change: Change) -> Bench | None:
        """Change one bench."""
        return put(self._benches, key, change)

    def forget(self, prefix: str) -> int:
        """Remove those of one bucket."""
        return drop(self._benches, prefix)


def put(benches: dict[str, Bench], key: str, change: Change) -> Bench | None:
    """Change one bench in a table."""
    new = change(benches.get(key))
    if new is None:
        benches.pop(key, None)
    else:
        benches[key] = new
    return new


def drop(benches: dict[str, Bench], prefix: str) -> int:
    """Remove benches by the beginning of their key."""
    gone = [key for key in benches if key.startswith(prefix)]
    for key in gone:
        del benches[key]
    return len(gone)
