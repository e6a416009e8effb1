"""A check that breaks on what an agent left is an error, not the end of the run."""

from weighlock.checks import gate
from weighlock.checks.kinds import RULES


def breaks(subject, rules):
    del subject, rules
    raise RecursionError("too deep")


def test_a_check_that_raises_could_not_check():
    found = gate.looked(breaks, None, RULES["impl"])
    assert (found.verdict, found.decides) == ("error", False)
    assert [r.code for r in found.reasons] == ["unreadable"]
    assert "too deep" in found.reasons[0].message
