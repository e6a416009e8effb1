"""Say whether the phase that claims a piece of code changed it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from weighlock.run.trace.model import NEVER, Changed, Landing
from weighlock.run.trace.units import Unit

Did: TypeAlias = tuple[tuple[str, str], ...]
"""(Phase, commit) of each pass that changed a piece of code."""
_Edit: TypeAlias = tuple[tuple[str, str], frozenset[str] | None]
"""Who changed a file, and which of its nodes."""


class Changes:
    """The passes of a run, ready to be asked about many pieces of code."""

    def __init__(
        self, landings: Iterable[Landing], absent: frozenset[str] = frozenset()
    ) -> None:
        self._absent = absent
        self._by_path: dict[str, list[_Edit]] = {}
        self._last: dict[str, str] = {}
        self._answers: dict[tuple[Did, tuple[str, ...]], Changed] = {}
        for landing in landings:
            self._last[landing.phase] = landing.commit
            did = (landing.phase, landing.commit)
            for path, names in landing.changed.items():
                self._by_path.setdefault(path, []).append((did, names))

    def of(self, unit: Unit) -> Did | None:
        """Return the passes that changed a piece of code; None when nobody knows."""
        if unit.path in self._absent:
            return None
        name = unit.node.name if unit.node else None
        return tuple(
            [
                did
                for did, names in self._by_path.get(unit.path, ())
                if names is None or name is None or name in names
            ]
        )

    def answer(self, did: Did | None, claiming: tuple[str, ...]) -> Changed:
        """Say whether the phases that claim a piece of code are among those.

        ``no`` needs a pass of every one of them, and a file that was there; short of
        that it is unknown.
        """
        if did is None or not self._last:
            return NEVER
        found = self._answers.get((did, claiming))
        if found is None:
            found = self._answers[did, claiming] = self._answer(did, claiming)
        return found

    def _answer(self, did: Did, claiming: tuple[str, ...]) -> Changed:
        phases = tuple(dict.fromkeys(phase for phase, _ in did))
        mine = [commit for phase, commit in did if phase in claiming]
        if mine:
            return Changed(answer="yes", commit=mine[-1], phases=phases)
        if claiming and all(key in self._last for key in claiming):
            newest = next(p for p in reversed(self._last) if p in claiming)
            return Changed(answer="no", commit=self._last[newest], phases=phases)
        return replace(NEVER, phases=phases)
