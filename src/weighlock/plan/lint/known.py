"""Paths by their last part, so that one is found below any folder."""

from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, normpath


class Known:
    """A set of paths in which ``src/a.py`` finds ``packages/x/src/a.py``.

    Plans name paths from the folder that their author worked in.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._by_name: dict[str, set[str]] = {}
        self._folders: set[str] | None = None
        self.add(paths)

    def add(self, paths: Iterable[str]) -> None:
        """Take in paths."""
        for path in paths:
            self._by_name.setdefault(basename(path), set()).add(normpath(path))
        self._folders = None

    def all(self) -> Iterator[str]:
        """Yield every path."""
        for paths in self._by_name.values():
            yield from paths

    def folder(self, path: str) -> bool:
        """Say whether there is a path below this folder."""
        if self._folders is None:
            self._folders = set()
            for known in self.all():
                above = dirname(known)
                while above and above not in self._folders:
                    self._folders.add(above)
                    above = dirname(above)
        return normpath(path) in self._folders

    def __contains__(self, path: str) -> bool:
        path = normpath(path)
        return any(
            other == path or other.endswith(f"/{path}") or path.endswith(f"/{other}")
            for other in self._by_name.get(basename(path), ())
        )
