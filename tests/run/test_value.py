"""Frozen values that are built step by step."""

from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from weighlock.run.phase import PhaseState
from weighlock.run.value import amend, copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Boat:
    """Something with fields."""

    name: str
    weight: float = 0.0


def test_a_copy_is_equal_and_another_one():
    boat = Boat(name="a", weight=2.0)
    assert copied(boat) == boat
    assert copied(boat) is not boat


def test_amending_says_what_replace_says():
    boat = Boat(name="a", weight=2.0)
    assert amend(copied(boat), weight=3.0) == replace(boat, weight=3.0)
    assert boat.weight == 2.0


def test_a_field_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        amend(PhaseState(), stagge="passed")


def test_everybody_else_finds_the_value_frozen():
    with pytest.raises(FrozenInstanceError):
        copied(Boat(name="a")).weight = 1.0
