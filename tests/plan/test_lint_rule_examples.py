from collections import Counter

import pytest

from weighlock.plan.lint import RULES, Rule, lint
from weighlock.plan.lint.rules import read_example

SAID_BY_OTHERS = {"WL904", "WL905", "WL906"}
"""Of files and comments that ``lint`` itself never sees; the command says them."""
RULED = [rule for rule in RULES if rule.code[:5] not in SAID_BY_OTHERS]
FAMILIES = ("", "structure", "coverage", "safety", "commands", "state", "pseudocode")


def codes(rule: Rule, text: str) -> list[str]:
    return [p.code for p in lint(read_example(text), rule.ground)]


@pytest.mark.parametrize("rule", RULED, ids=lambda rule: rule.code)
def test_a_rule_speaks_of_its_bad_example_and_is_silent_on_its_good_one(rule: Rule):
    assert rule.code in codes(rule, rule.bad)
    assert rule.code not in codes(rule, rule.good)


@pytest.mark.parametrize("rule", RULED, ids=lambda rule: rule.code)
def test_mending_the_bad_example_brings_no_other_fault(rule: Rule):
    before = Counter(codes(rule, rule.bad))
    new = Counter(codes(rule, rule.good)) - before
    del new["WL207-nothing-to-check"]  # the examples are bare, to be read at a glance
    # The example for trials names a test that the tiny repository does not hold.
    assert set(new) <= {"WL408-path-missing"}


@pytest.mark.parametrize("rule", RULED, ids=lambda rule: rule.code)
def test_every_problem_has_a_place_a_message_and_a_next_step(rule: Rule):
    for found in lint(read_example(rule.bad), rule.ground):
        assert found.source is not None
        assert found.source.line > 0
        assert found.message
        assert found.hint


def test_the_first_digit_of_a_code_is_its_family():
    for rule in RULES:
        family = "text" if rule.code[2] == "9" else FAMILIES[int(rule.code[2])]
        assert rule.family == family


def test_rules_that_ask_about_a_repository_are_silent_without_one():
    asking = {"WL407", "WL408", "WL409", "WL410", "WL504"}
    for rule in RULES:
        if rule.code[:5] in asking:
            assert rule.code not in {p.code for p in lint(read_example(rule.bad))}
