"""Rules on the bytes and on the form of a plan."""

from weighlock.plan.lint.rules.rule import Rule

TEXT: tuple[Rule, ...] = (
    Rule(
        code="WL901-text-mangled",
        severity="warning",
        family="text",
        title="glyphs were mangled by a wrong encoding",
        why="Other tools read states wrong.",
        cure="Save the file as UTF-8.",
        bad="## Phase 1: Parser ‚úÖ\n",
        good="## Phase 1: Parser ✅\n",
    ),
    Rule(
        code="WL902-text-undecodable",
        severity="warning",
        family="text",
        title="bytes are no text",
        why="What they meant is lost.",
        cure="Save the file as UTF-8.",
        bad="## Phase 1: Caf\\xe9\n",
        good="## Phase 1: Café\n",
    ),
    Rule(
        code="WL903-dialect-unclear",
        severity="info",
        family="text",
        title="the plan could be read in two ways",
        why="Phases may be found that the author did not mean.",
        cure="Name the dialect: --dialect.",
        bad="""\
**For agentic workers:** take one step after the other.

### Task 1: Words
- [ ] T001 Split the text in src/parser.py
- [ ] T002 Join the words in src/printer.py
- [ ] T003 Show one screen in src/pager.py
""",
        good="""\
## Words
- [ ] T001 Split the text in src/parser.py
- [ ] T002 Join the words in src/printer.py
- [ ] T003 Show one screen in src/pager.py
""",
    ),
)
