"""Tell what a marker names: something of this plan, of another plan, or nothing."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from weighlock.plan.key import resolve
from weighlock.plan.model import Plan, Source
from weighlock.run.reference import last_line
from weighlock.run.trace.marker import Marker

_ENDING = re.compile(r"[\d.]*\d[a-z]?\Z")
_WORDS = re.compile(r"[^a-z0-9]+")
_REVISION = re.compile(rb"([A-Za-z][\w.-]*)~(\d{1,9})(?!\d)")


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of one plan, ready to be asked for."""

    plans: frozenset[str]
    """Every spelling of the plan's own name, in one form."""
    phases: frozenset[str]
    requirements: frozenset[str]
    series: frozenset[str]
    """Requirement ids without their numbers: ``REQ-AUTH-``."""
    revisions: Mapping[str, int]
    """Requirement id → revision that the plan's text gives it, ``REQ-1~2``."""
    sources: tuple[Source, ...]

    def is_ours(self, plan: str) -> bool:
        """Say whether a marker's plan is this one."""
        return _plain(plan) in self.plans

    def phase(self, key: str) -> str | None:
        """Return the key of the plan's phase, None when there is none."""
        if key in self.phases:
            return key
        return resolve(key, self.phases)

    def requirement(self, id_: str) -> tuple[str, ...]:
        """Return what an id means: itself, what it is a part of, or all of a ``*``.

        Of a tag's ``req~login`` only the name counts.
        """
        if id_ not in self.requirements:
            id_ = id_.rpartition("~")[2]
        if id_.endswith("*"):
            stem = id_.rstrip("*")
            return tuple(sorted(r for r in self.requirements if r.startswith(stem)))
        while id_ not in self.requirements:
            id_, dot, _ = id_.rpartition(".")
            if not dot:
                return ()
        return (id_,)

    def in_series(self, id_: str) -> bool:
        """Say whether the plan has requirements that are numbered like this one."""
        return _ENDING.sub("", id_) in self.series

    def is_outdated(self, marker: Marker, requirement: str) -> bool:
        """Say whether a tag covers another revision than the plan has."""
        now = self.revisions.get(requirement)
        known = marker.revision is not None and now is not None
        return known and marker.revision != now

    def pseudocode(self, path: str) -> tuple[str, int]:
        """Return the plan's file that is meant and its last line; ``("", 0)``."""
        return _longest(path, self.sources)


def names(plan: Plan) -> Names:
    """Collect the names of a plan."""
    ids = [plan.id, *(p.id.rpartition(".")[0] for p in plan.phases if p.id)]
    stem = posixpath.splitext(posixpath.basename(plan.path.rstrip("/")))[0]
    own = ids if any(ids) else [plan.title, stem]
    known = frozenset(r.id for r in plan.requirements)
    return Names(
        plans=frozenset(_plain(name) for name in own if name),
        phases=frozenset(p.key for p in plan.phases),
        requirements=known,
        series=frozenset(_ENDING.sub("", name) for name in known),
        revisions=_revisions(plan.sources, known),
        sources=plan.sources,
    )


@lru_cache(maxsize=256)
def _plain(name: str) -> str:
    return _WORDS.sub("-", name.lower()).strip("-").removeprefix("plan-")


def _revisions(sources: Iterable[Source], known: frozenset[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for source in sources:
        for name, number in _REVISION.findall(source.data):
            id_ = name.decode()
            if id_ in known:
                found[id_] = max(int(number), found.get(id_, 0))
    return found


def _longest(path: str, sources: Iterable[Source]) -> tuple[str, int]:
    """Find a file by its whole path, or by the end of it."""
    wanted = path.removeprefix("./")
    fits = [s for s in sources if f"/{s.path}".endswith(f"/{wanted}")]
    fits = fits or [s for s in sources if wanted.endswith(f"/{s.path}")]
    lengths = [(last_line(s.data.decode(errors="replace")), s.path) for s in fits]
    length, name = max(lengths, default=(0, ""))
    return name, length
