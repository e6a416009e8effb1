"""How many of the new tests state a property: by what they use, not by their names."""

import pytest
from tests_checks import held, phase

from weighlock.checks.finding import worst
from weighlock.checks.strength.properties import Share, count, judge

PYTHON = """\
from hypothesis import given, strategies as st
from shop import tax


@given(st.integers())
def test_never_negative(n):
    assert tax(n) >= 0


def test_property_in_name_only():
    assert tax(1) == 0
"""
SCRIPT = """\
import fc from "fast-check";
import { it } from "vitest";
it("holds", () => { fc.assert(fc.property(fc.nat(), (n) => tax(n) >= 0)); });
it("one", () => { expect(tax(1)).toBe(0); });
it("two", () => { expect(tax(2)).toBe(0); });
"""
RUST = """\
#[cfg(test)]
mod tests {
    proptest! {
        #[test]
        fn holds(n in 0..9u32) { prop_assert!(tax(n) < 9); }
    }
    #[test]
    fn one() { assert_eq!(tax(1), 0); }
}
"""


@pytest.mark.parametrize(
    ("path", "text", "share"),
    [
        ("tests/test_tax.py", PYTHON, Share(2, 1)),
        ("src/tax.spec.ts", SCRIPT, Share(3, 1)),
        ("src/tax.rs", RUST, Share(2, 1)),
        ("src/tax.py", PYTHON, Share(0, 0)),
    ],
)
def test_new_tests_are_counted_by_what_they_use(
    path: str, text: str, share: Share
) -> None:
    assert count(held(phase(), {}, {path: text})) == share


def test_tests_of_base_are_not_counted() -> None:
    path = "tests/test_tax.py"
    old = "def test_property_in_name_only():\n    assert tax(1) == 0\n"
    assert count(held(phase(), {path: old}, {path: PYTHON})) == Share(1, 1)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (Share(10, 3), "pass"),
        (Share(10, 2), "fail"),
        (Share(4, 1), "pass"),
        (Share(2, 0), "fail"),
        (Share(0, 0), "pass"),
    ],
)
def test_a_share_is_rounded_in_favour_of_the_work(share: Share, verdict: str) -> None:
    assert worst(list(judge(share, 30))) == verdict
