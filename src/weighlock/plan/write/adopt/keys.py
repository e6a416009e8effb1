"""Numbers of phases that file names can carry: the old ones where they can stay."""

import re
from collections.abc import Sequence

from weighlock.plan import key
from weighlock.plan.model import Phase

_NAME = re.compile(r"\d{2,3}[a-z]?|\d{1,3}\.\d{1,2}[a-z]?")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def new_keys(phases: Sequence[Phase]) -> dict[str, str]:
    """Return old key → new key.

    The old ones stay when each can stand in a file name and their order is that of the
    plan.  Else phases are counted anew, twins with the letter of their phase.
    """
    old = [p.key for p in phases]
    if _can_stay(old):
        return {name: name for name in old}
    keys: dict[str, str] = {}
    number, letters = 0, 0
    last = ""
    for phase in phases:
        if phase.verifies and phase.verifies == last and letters < len(_LETTERS):
            keys[phase.key] = f"{number:02}{_LETTERS[letters]}"
            letters += 1
        else:
            number, letters, last = number + 1, 0, phase.key
            keys[phase.key] = f"{number:02}"
    return keys


def _can_stay(old: Sequence[str]) -> bool:
    fits = all(_NAME.fullmatch(name) and key.normal(name) == name for name in old)
    aliased = {"0.5", "00a"} <= set(old)
    return fits and not aliased and list(old) == sorted(old, key=key.order)
