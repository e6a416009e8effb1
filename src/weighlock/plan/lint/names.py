"""Rules by the names that people type: ``WL405``, ``wl405``, or the whole code."""

from weighlock.plan.lint.rules import RULES, Rule

_BY_NAME: dict[str, Rule] = {
    name.lower(): rule
    for rule in RULES
    for name in (rule.code, rule.code.partition("-")[0])
}


def named(word: str) -> Rule | None:
    """Return the rule that a word names, by its number or its whole code."""
    return _BY_NAME.get(word.lower())


def near(word: str) -> str:
    """Return the code that was probably meant; empty when none is like it."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower(), _BY_NAME, n=1, cutoff=0.7)
    return _BY_NAME[found[0]].code if found else ""
