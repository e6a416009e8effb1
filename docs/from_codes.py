"""reason-codes.md and lint-rules.md: stable words, and what they mean."""

import ast
from collections.abc import Iterator
from pathlib import Path

import meanings
from tables import TOLD, paragraph, table

from weighlock.plan.lint.fixes import FIXABLE
from weighlock.plan.lint.rules import RULES, Rule
from weighlock.run.evidence import CODES

SOURCE = Path(__file__).resolve().parent.parent / "src/weighlock"


def reason_codes() -> str:
    """Say what the words in verdicts mean, and who gives them."""
    givers = _givers()
    rows = [
        (f"`{code}`", meanings.REASONS[code], ", ".join(givers[code]))
        for code in sorted(CODES)
    ]
    parts = [
        "# Reason codes\n\n" + TOLD,
        paragraph(
            "A code never changes its meaning; more may be added. The same code may be",
            "a reason (it decides) or a note (worth knowing).",
        ),
        table(("code", "means", "given by"), rows),
    ]
    return "\n\n".join(parts) + "\n"


_CHECKS = {
    "history": "git",
    "grown": "protected",
    "settings": "protected",
    "suite": "tests",
    "old_tests": "tests",
    "runners": "tests",
    "place": "tests",
    "commands": "command:N",
    "oracle": "probe:N",
    "artifacts": "artifacts",
    "unchanged": "unchanged",
    "weak": "weak-tests",
    "hollow": "weak-tests",
    "deaf": "test-effect",
    "claims": "claim",
    "reach": "wiring",
    "idle": "idle",
    "gate": "tools",
    "final": "final gate",
    "verdict": "gate",
    "errors": "every verb that reads the state: exit 8, `code` in its JSON",
}
"""Module or folder that names a code → id of the check, where the two differ."""
_EACH = {"changes", "accusers", "checks"}
"""Folders in which each module is a check of its own."""


def _givers() -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    checks = SOURCE / "checks"
    beside = (SOURCE / name for name in ("run/verdict.py", "errors.py"))
    for path in (*sorted(checks.rglob("*.py")), *beside):
        room = path.parent.name
        own = path.stem if room in _EACH else room
        name = _CHECKS.get(path.stem) or _CHECKS.get(room, own)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            code = node.value if isinstance(node, ast.Constant) else None
            if isinstance(code, str) and code in CODES:
                found.setdefault(code, set()).add(name)
    found["claim-contradicted"] -= {"tools"}  # the gate sorts by it
    found["zero-tests"] -= {"claim"}  # it only looks for it
    found["unsandboxed"] = {"gate"}
    found["late-write"] = {"`verify --worktree`"}
    found["merge-conflict"] = {"the report, of what a run could not land"}
    return {code: sorted(names) for code, names in found.items()}


def lint_rules() -> str:
    """Say what lint looks for, why it matters, and the cure."""
    parts = [
        "# Lint rules\n\n" + TOLD,
        paragraph(
            "`weighlock lint PLAN` finds these. An `error` ends it with exit code 1, a",
            "`warning` only with `--strict`. A run refuses a plan with `WL101` or",
            "`WL102`. `weighlock explain` tells the same in a terminal. How to have a",
            "rule ignored: [lint a plan](../how-to/lint-a-plan.md).",
        ),
    ]
    for family in dict.fromkeys(r.family for r in RULES):
        parts.append(f"## {family.capitalize()}")
        parts += [part for r in RULES if r.family == family for part in _rule(r)]
    return "\n\n".join(parts) + "\n"


def _rule(rule: Rule) -> Iterator[str]:
    """Tell one rule: level, why, cure, and a plan with and without the fault."""
    told = [f"`{rule.severity}`", *(["`--fix`"] if rule.code in FIXABLE else [])]
    told += ["asks the repository"] if rule.ground is not None else []
    yield f"### {rule.code}"
    yield f"{rule.title[0].upper()}{rule.title[1:]}. {', '.join(told)}."
    yield paragraph(f"{rule.why} {rule.cure}")
    for head, example in (("Wrong:", rule.bad), ("Right:", rule.good)):
        if example:
            yield f"{head}\n\n{_FENCE}text\n{example.rstrip()}\n{_FENCE}"


_FENCE = "`" * 6
