"""Make problems of the rules: the wording of the table, the place of the fault."""

from weighlock.plan.lint.rules import RULES, Rule
from weighlock.plan.model import Problem, Severity, Span

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

FROM_READER: dict[str, str] = {
    "need-unknown": "WL102-unknown-phase",
    "key-duplicate": "WL103-duplicate-phase",
    "plan-twice": "WL109-plan-twice",
    "text-mangled": "WL901-text-mangled",
    "text-undecodable": "WL902-text-undecodable",
    "dialect-unclear": "WL903-dialect-unclear",
}
"""The reader's own words for problems → the rules they are reported under."""
TOLD_BETTER: frozenset[str] = frozenset({"key-disagrees"})
"""The reader's problems that a rule of ours tells again, at the very line."""


def problem(
    code: str,
    message: str,
    source: Span | None,
    *,
    hint: str = "",
    severity: Severity | None = None,
) -> Problem:
    """Report a fault under a rule; hint and severity are the rule's unless given."""
    rule = BY_CODE[code]
    return Problem(
        code=code,
        severity=severity or rule.severity,
        message=message,
        hint=hint or rule.cure,
        source=source,
    )
