"""Rules on lint itself: what it could not read, and comments that ask for silence."""

from weighlock.plan.lint.rules.rule import Rule

SURFACE: tuple[Rule, ...] = (
    Rule(
        code="WL904-unreadable",
        severity="error",
        family="text",
        title="the plan cannot be read at all",
        why="Nothing in it was looked at.",
        cure="Mend what the message names: the path, the permissions, the size.",
        bad="",
        good="",
    ),
    Rule(
        code="WL905-idle-ignore",
        severity="info",
        family="text",
        title="a comment ignores a rule that has nothing to say there",
        why="It will hide the next fault of this kind, which nobody has judged.",
        cure="Delete the comment, or the code that hides nothing.",
        bad="## Phase 1: Parser\n\n<!-- weighlock: ignore WL402 -->\n"
        "```bash\npytest -q\n```\n",
        good="## Phase 1: Parser\n\n<!-- weighlock: ignore WL402 -->\n"
        "```bash\npytest -q || true\n```\n",
    ),
    Rule(
        code="WL906-unknown-ignore",
        severity="warning",
        family="text",
        title="a comment ignores a rule that lint does not have",
        why="What it was meant to hide is reported all the same.",
        cure="Correct the code; weighlock explain lists them.",
        bad="## Phase 1: Parser\n\n<!-- weighlock: ignore WL999 -->\n"
        "```bash\npytest -q || true\n```\n",
        good="## Phase 1: Parser\n\n<!-- weighlock: ignore WL402 -->\n"
        "```bash\npytest -q || true\n```\n",
    ),
)
