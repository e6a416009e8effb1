"""What a phase says about running beside others → the name of a group."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from weighlock.plan import key
from weighlock.plan.model import Phase
from weighlock.plan.parts.numbers import Known, bare, lists

_QUOTED = re.compile(r'"([^"]+)"')
"""A group's name as it is, also when it begins like a sentence: "Phase 3: Core"."""
_WITH = re.compile(r"\bwith\s+(?=\d)", re.IGNORECASE)
"""What stands before bare numbers: "Yes, with 2B"."""
_PARENS = re.compile(r"\([^()]*\)")
_LONG = 2000


def with_groups(
    phases: Mapping[str, Phase], parallel: Mapping[str, str]
) -> dict[str, Phase]:
    """Name the groups that "parallel with Phase 2" makes; ``parallel`` is by key."""
    known = Known(tuple(phases))
    out = dict(phases)
    for name, said in parallel.items():
        phase = phases[name]
        if (
            not said
            or phase.group
            or re.match(r"\W*(?:no|none|n/a|false|-)\b", said, re.IGNORECASE)
        ):
            continue
        group: str | None = said.strip("*` ")
        if quoted := _QUOTED.fullmatch(said):
            group = quoted[1]
        elif re.match(r"\W*(?:yes|true|with|phases?)\b", said, re.IGNORECASE):
            group = _group(name, said, known)
        out[name] = replace(phase, group=group)
    return out


def _group(own: str, said: str, known: Known) -> str | None:
    """Name the group of a phase and those that it runs beside."""
    members, name = _beside(said, known)
    if own in members:
        return name if len(members) > 1 else None
    return "+".join(sorted((own, *members), key=key.order)) if members else None


@lru_cache(maxsize=64)
def _beside(said: str, known: Known) -> tuple[frozenset[str], str]:
    members = _named_keys(_WITH.sub("Phases ", said), known)
    return frozenset(members), "+".join(sorted(members, key=key.order))


def _named_keys(text: str, known: Known) -> tuple[str, ...]:
    """Return every known key that a text names, whatever it says about it."""
    text = text[:_LONG]
    found = [n for _, _, names in lists(text, known) for n in names]
    found = found or [n for part in _PARENS.findall(text) for n in bare(part, known)]
    return known.sorted({k for n in found if (k := key.resolve(n, known.place))})
