"""Rules on references to pseudocode."""

from weighlock.plan.lint.rules.rule import Rule

_LISTING = """\
--- analysis/pseudocode/words.md
```
1: READ the text
2: SPLIT it at blanks
3: RETURN the parts
```
"""
_PHASE = """\
--- plan/01-stub.md
# Phase 01: Stub
--- plan/02-impl.md
# Phase 02: Impl
"""

PSEUDOCODE: tuple[Rule, ...] = (
    Rule(
        code="WL601-pseudocode-missing",
        severity="warning",
        family="pseudocode",
        title="a phase refers to pseudocode that is not there",
        why="The agent works from memory in place of the design.",
        cure="Add the file, or correct the path.",
        bad=f"{_LISTING}{_PHASE}Follow `analysis/pseudocode/letters.md`.\n",
        good=f"{_LISTING}{_PHASE}Follow `analysis/pseudocode/words.md`.\n",
    ),
    Rule(
        code="WL602-pseudocode-past-end",
        severity="warning",
        family="pseudocode",
        title="a phase refers to lines past the end of the pseudocode",
        why="The design was cut, or never written; the agent invents the rest.",
        cure="Correct the lines, or write the pseudocode that is missing.",
        bad=f"{_LISTING}{_PHASE}Follow `analysis/pseudocode/words.md` lines 2-9.\n",
        good=f"{_LISTING}{_PHASE}Follow `analysis/pseudocode/words.md` lines 2-3.\n",
    ),
    Rule(
        code="WL603-pseudocode-unnumbered",
        severity="warning",
        family="pseudocode",
        title="a phase refers to lines of pseudocode that has no numbers",
        why="Whoever counts the lines in another way reads another part.",
        cure="Number the lines of the pseudocode: 10: READ the text.",
        bad="--- analysis/pseudocode/words.md\n```\nREAD the text\nSPLIT it\n```\n"
        f"{_PHASE}Follow `analysis/pseudocode/words.md` lines 1-2.\n",
        good=f"{_LISTING}{_PHASE}Follow `analysis/pseudocode/words.md` lines 1-2.\n",
    ),
)
