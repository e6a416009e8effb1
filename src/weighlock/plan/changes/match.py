"""Which phase of a newer plan is which phase of the older one.

Numbers move when a phase is put between two others, so the text speaks first: the same
text under the same or another number, then the same title, then the same number.
"""

from collections.abc import Callable, Iterable, Sequence

from weighlock.plan.model import Phase

_Face = Callable[[Phase], object]


def match(old: Sequence[Phase], new: Sequence[Phase], body: _Face) -> dict[str, str]:
    """Return old key → new key; what stands in no pair was removed or added.

    Args:
        old: The phases of the older version.
        new: The phases of the newer one.
        body: Returns what is written under a phase's title.
    """
    pairs: dict[str, str] = {}
    faces: tuple[_Face, ...] = (
        lambda p: (p.key, p.title, body(p)),
        lambda p: (p.title, body(p)),
        lambda p: (p.key, p.title),
        lambda p: p.title,
        lambda p: p.key,
    )
    for face in faces:
        taken = set(pairs.values())
        before = _single((p for p in old if p.key not in pairs), face)
        after = _single((p for p in new if p.key not in taken), face)
        for shown, key in before.items():
            if shown in after:
                pairs[key] = after[shown]
    return pairs


def _single(phases: Iterable[Phase], face: _Face) -> dict[object, str]:
    """Return face → key, for faces that one phase alone has."""
    found: dict[object, list[str]] = {}
    for phase in phases:
        found.setdefault(face(phase), []).append(phase.key)
    return {shown: keys[0] for shown, keys in found.items() if len(keys) == 1}
