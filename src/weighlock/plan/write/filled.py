"""What an agent made of a skeleton: is it still the same plan, and did it gain?"""

from collections.abc import Iterator, Mapping, Sequence

from weighlock.plan.lint import lint
from weighlock.plan.model import Phase, Plan

TASK = """\
# Fill in a plan

The folder `{home}` holds `specification.md` and the skeleton of a plan in `plan/`. Read
the specification and the project around it. Then make each phase so exact that somebody
who has never seen this project could do it.

- In each phase of tests: which cases, with the values that the requirement names.
- In each phase of work: which functions, what they take and give, which errors.
- Correct the files where the project has a better place; keep them in their lists.
- Add commands that show it, each with `# Expected: …` below; keep those there are.

## Rules

- Change files in `{home}/plan` only, and nothing of `specification.md`.
- Keep every phase, its number, its kind and its requirements.
- Do none of the work: no product code, no tests, no analysis documents.
- Leave no template text. `weighlock lint {home}` must find nothing.
"""


def prompt(home: str, problems: Sequence[str]) -> str:
    """Return what the agent is told; after a failed attempt, what was found too."""
    told = TASK.format(home=home)
    if not problems:
        return told
    listed = "\n".join(f"- {p}" for p in problems)
    return f"{told}\n## What was found in your last attempt\n\n{listed}\n"


def shortcomings(
    skeleton: Plan, filled: Plan, changed: Mapping[str, bool]
) -> tuple[str, ...]:
    """Return why a filled plan cannot be taken; nothing when it can.

    Args:
        skeleton: The plan before.
        filled: The plan as the agent left it.
        changed: Path below the plan's folder → whether it is another than before.
    """
    return tuple(_shortcomings(skeleton, filled, changed))


def _shortcomings(
    skeleton: Plan, filled: Plan, changed: Mapping[str, bool]
) -> Iterator[str]:
    if not any(changed.values()):
        yield "no file was changed"
    for path, other in changed.items():
        if other and not path.startswith("plan/"):
            yield f"{path} was changed; only files in plan/ may be"
    for old in skeleton.phases:
        new = filled.phase(old.key)
        if new is None:
            yield f"phase {old.key} is gone"
        else:
            yield from _weaker(old, new)
    for problem in lint(filled):
        if problem.severity != "info":
            yield f"{problem.source}: {problem.code}: {problem.message}"


def _weaker(old: Phase, new: Phase) -> Iterator[str]:
    if new.kind != old.kind or new.verifies != old.verifies:
        yield f"phase {old.key} was of kind {old.kind} and is {new.kind} now"
    lost = [r for r in old.requirements if r not in new.requirements]
    if lost:
        yield f"phase {old.key} no longer names {', '.join(lost)}"
    there = {" ".join(c.text.split()): c.expect.form for c in new.commands}
    for command in old.commands:
        text = " ".join(command.text.split())
        if there.get(text) != command.expect.form:
            yield f"phase {old.key} lost a command or what it expects: {text}"
    if not set(old.needs) <= set(new.needs):
        yield f"phase {old.key} no longer needs {', '.join(old.needs)}"
