"""Rules on what the shell commands of a plan are worth as checks."""

from weighlock.plan.lint.ground import Ground, Trial
from weighlock.plan.lint.rules.rule import Rule

_WORDS = Ground(tracked=frozenset({"src/words.py", "tests/test_words.py"}))
_NODE = Ground(
    tracked=frozenset({"package.json", "src/words.ts"}),
    runners={"": frozenset({"vitest"})},
    scripts={"": {"test": "vitest run", "lint": "eslint ."}},
)

COMMANDS: tuple[Rule, ...] = (
    Rule(
        code="WL401-shell-syntax",
        severity="error",
        family="commands",
        title="a shell cannot parse the commands",
        why="The check ends with a syntax error, whatever the work is like.",
        cure="Mend the syntax, or label the block as text.",
        bad="""\
## Phase 1: Parser
```bash
if test -f src/words.py; then
  echo found
```
""",
        good="""\
## Phase 1: Parser
```bash
if ! test -f src/words.py; then
  exit 1
fi
```
""",
    ),
    Rule(
        code="WL402-check-cannot-fail",
        severity="warning",
        family="commands",
        title="a check cannot fail",
        why="It passes on work that was never done.",
        cure="Let the command's own exit code through.",
        bad="""\
## Phase 1: Parser
```bash
pytest tests/test_words.py || true
```
""",
        good="""\
## Phase 1: Parser
```bash
pytest tests/test_words.py
```
""",
    ),
    Rule(
        code="WL403-vacuous-count",
        severity="warning",
        family="commands",
        title="something is counted, and nothing says how many are right",
        why="`wc -l` succeeds whatever it counts.",
        cure="State the number below it: # Expected: 2+.",
        bad="""\
## Phase 1: Parser
```bash
grep -r "def " src/ | wc -l
```
""",
        good="""\
## Phase 1: Parser
```bash
grep -r "def " src/ | wc -l
# Expected: 2+
```
""",
    ),
    Rule(
        code="WL404-grep-alternation",
        severity="warning",
        family="commands",
        title="plain grep takes | as a letter",
        why="The pattern matches nothing, so the check finds nothing to complain of.",
        cure="Use grep -E, or write \\|.",
        bad="""\
## Phase 1: Parser
```bash
grep -rn "TODO|FIXME" src/
# Expected: no matches
```
""",
        good="""\
## Phase 1: Parser
```bash
grep -rnE "TODO|FIXME" src/
# Expected: no matches
```
""",
    ),
    Rule(
        code="WL405-grep-self-match",
        severity="warning",
        family="commands",
        title="a search for markers finds the plan itself",
        why="It succeeds before a line of code is written.",
        cure="Search the source folders only, or add --include for code files.",
        bad="""\
## Phase 1: Parser
```bash
grep -r "@plan:PLAN-20260101-DEMO.P01" .
```
""",
        good="""\
## Phase 1: Parser
```bash
grep -r "@plan:PLAN-20260101-DEMO.P01" src/
```
""",
    ),
    Rule(
        code="WL406-marker-form",
        severity="warning",
        family="commands",
        title="a search uses one form of marker, the code example the other",
        why="Code that follows the example is not found.",
        cure="Use one form, with colon or with space, in both.",
        bad="""\
## Phase 1: Parser
```python
# @plan PLAN-20260101-DEMO.P01
```

```bash
grep -r "@plan:PLAN-20260101-DEMO.P01" src/
```
""",
        good="""\
## Phase 1: Parser
```python
# @plan PLAN-20260101-DEMO.P01
```

```bash
grep -r "@plan PLAN-20260101-DEMO.P01" src/
```
""",
    ),
    Rule(
        code="WL407-unknown-option",
        severity="warning",
        family="commands",
        title="a test runner is given an option it does not have",
        why="It stops with a usage error, whatever the work is like.",
        cure="Use the runner's own option.",
        bad="""\
## Phase 1: Parser
```bash
npm test -- --grep "words"
```
""",
        good="""\
## Phase 1: Parser
```bash
npm test -- --testNamePattern "words"
```
""",
        ground=_NODE,
    ),
    Rule(
        code="WL408-path-missing",
        severity="warning",
        family="commands",
        title="a command names a path that nobody makes",
        why="It fails on honest work, or finds nothing where it should look.",
        cure="Correct the path, or list it under the files of the phase that makes it.",
        bad="""\
## Phase 1: Parser
```bash
pytest tests/unit/test_words.py
```
""",
        good="""\
## Phase 1: Parser
```bash
pytest tests/test_words.py
```
""",
        ground=_WORDS,
    ),
    Rule(
        code="WL409-passes-already",
        severity="warning",
        family="commands",
        title="every check of a phase passes before any work is done",
        why="A phase that did nothing would pass too.",
        cure="Add a command that fails until the work is there.",
        bad="""\
## Phase 1: Parser
```bash
python -c "import words"
```
""",
        good="""\
## Phase 1: Parser
```bash
python -c "import words"
pytest tests/test_words.py
```
""",
        ground=Ground(
            trials=(
                Trial(phase="01", command='python -c "import words"', passed=True),
                Trial(phase="01", command="pytest tests/test_words.py", passed=False),
            )
        ),
    ),
    Rule(
        code="WL410-script-missing",
        severity="warning",
        family="commands",
        title="a command runs a package script that is not there",
        why="It stops with an error, whatever the work is like.",
        cure="Correct the name, or plan the change of package.json that adds it.",
        bad="""\
## Phase 1: Parser
```bash
npm run lint:ci
```
""",
        good="""\
## Phase 1: Parser
```bash
npm run lint
```
""",
        ground=_NODE,
    ),
)
