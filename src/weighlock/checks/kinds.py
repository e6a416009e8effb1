"""What each kind of phase must and must not do: the table of DESIGN part 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from weighlock.plan.model import Kind

Green = Literal["none", "same", "red", "green"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is asked of one kind of phase."""

    changes: bool = True
    """Whether the phase must leave something behind."""
    product: bool = True
    """Whether it may change the product."""
    tests: Green = "green"
    """none · same: as at base · red: new ones fail · green: the awaited ones pass."""
    effect_decides: bool = False
    """Whether the planned files alone show that the phase is done."""
    stubs: bool = False
    """Whether a stub is what the phase delivers."""
    harness: bool = False
    """Whether new test support beside the plan is usual."""
    wiring: bool = False
    """Whether the new code must be reached from code that existed."""


RULES: Mapping[Kind, Rules] = {
    "preflight": Rules(changes=False, product=False, tests="same"),
    "design": Rules(product=False, tests="none", effect_decides=True),
    "pseudocode": Rules(product=False, tests="none", effect_decides=True),
    "stub": Rules(tests="same", effect_decides=True, stubs=True, harness=True),
    "tdd": Rules(product=False, tests="red", harness=True),
    "impl": Rules(),
    "integration": Rules(wiring=True),
    "migration": Rules(tests="same", effect_decides=True),
    "deprecation": Rules(tests="same", effect_decides=True),
    "verification": Rules(changes=False, product=False, tests="same"),
}
