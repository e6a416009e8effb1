"""A draft → the text of its phase, in the sections that seed plans have.

Whatever comes from the specification stands in a fence: no reader takes a word there
for a path, a command or a need.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from weighlock.plan.model import Action
from weighlock.plan.write.course import Order
from weighlock.plan.write.draft import Check, Draft
from weighlock.plan.write.proof import MARK
from weighlock.plan.write.scenario import is_step
from weighlock.plan.write.specification import Wanted

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADS: dict[Action, str] = {
    "create": "Files to Create",
    "modify": "Files to Modify",
    "delete": "Files to Delete",
    "keep": "Files NOT to Modify",
}
_SHOWN = 12
"""Lines of a requirement's text that a phase repeats, of all in the specification."""


Section = tuple[int, str, list[str]]
"""(level below the phase's heading, title, lines)."""


def sections(order: Order, draft: Draft) -> Iterator[Section]:
    """Yield every section of a phase in order."""
    yield 1, "Phase ID", [f"`{_id(order, draft)}`", "", f"**Kind:** {draft.kind}"]
    yield 1, "Purpose", [draft.purpose]
    yield 1, "Prerequisites", [_needs(draft)]
    yield from _requirements(draft)
    yield from _tasks(order, draft)
    yield from _shown(order, draft)
    if draft.key != "00":
        yield 1, "Failure Recovery", _recovery(draft)
    yield 1, "Phase Completion Marker", [_completion(order, draft)]


def _requirements(draft: Draft) -> Iterator[Section]:
    if not draft.requirements:
        return
    if draft.scope != "Implemented (Expanded)":
        ids = [f"- {r.id}" for r in draft.requirements]
        yield 1, f"Requirements {draft.scope}", ids
        return
    yield 1, f"Requirements {draft.scope}", []
    for one in draft.requirements:
        yield 2, one.id, _expanded(one)


def _shown(order: Order, draft: Draft) -> Iterator[Section]:
    """Yield what shows that the phase is done."""
    if draft.checks:
        lines = _checks(draft.checks, _marker(order, draft))
        yield 1, "Verification Commands", ["```bash", *lines, "```"]
    if draft.notes:
        yield 1, "Order of Work", list(draft.notes)
    if draft.criteria:
        yield 1, "Success Criteria", [f"- {text}" for text in draft.criteria]


def render(order: Order, draft: Draft, *, level: int = 1) -> list[str]:
    """Return a phase's lines; its heading stands on this level."""
    lines = [f"{'#' * level} Phase {draft.key}: {draft.title}", ""]
    for depth, title, body in sections(order, draft):
        lines += [f"{'#' * (level + depth)} {title}", ""]
        lines += [*body, ""] if body else []
    return lines[:-1]


def quoted(lines: Iterable[str], *, most: int = _SHOWN) -> list[str]:
    """Return lines in a fence, so that nothing in them is taken for structure."""
    text = _COMMENT.sub("", "\n".join(lines)).strip("\n")
    kept = text.split("\n") if text.strip() else []
    if len(kept) > most:
        kept = [*kept[:most], "(more in the specification)"]
    ticks = max((len(m[0]) for m in re.finditer(r"`{3,}", text)), default=2)
    fence = "`" * (ticks + 1)
    return [f"{fence}text", *kept, fence] if kept else []


def _id(order: Order, draft: Draft) -> str:
    return f"{order.id}.P{draft.key}"


def _marker(order: Order, draft: Draft) -> str:
    """Return the marker of the phase's code; a twin looks for that of its phase."""
    key = draft.needs if draft.kind == "verification" else draft.key
    return f"@plan:{order.id}.P{key}"


def _needs(draft: Draft) -> str:
    if draft.needs is None:
        return "- None (initial phase)."
    return f"- Required: Phase {draft.needs} completed"


def _expanded(one: Wanted) -> list[str]:
    body = (line for line in one.body if not is_step(line))
    lines = quoted([*([one.title, ""] if one.title else []), *body])
    lines += [""] if lines else []
    if not one.scenarios:
        return [*lines, f"- THEN: {_flat(one.statement)}"]
    for n, case in enumerate(one.scenarios):
        steps = (("GIVEN", case.given), ("WHEN", case.when), ("THEN", case.then))
        lines += ["", f"Scenario {n + 1}", ""] if len(one.scenarios) > 1 else []
        lines += [f"- {word}: {_flat(text)}" for word, text in steps if text]
    return lines


def _flat(text: str) -> str:
    return " ".join(text.split())


def _tasks(order: Order, draft: Draft) -> Iterator[tuple[int, str, list[str]]]:
    if not (draft.files or draft.delivers or draft.steps):
        return
    numbered = [f"{n}. {step}" for n, step in enumerate(draft.steps, 1)]
    yield 1, "Implementation Tasks", numbered
    files = sorted(draft.files, key=lambda f: list(_HEADS).index(f.action))
    for action, group in groupby(files, key=lambda f: f.action):
        yield 2, _HEADS[action], [f"- `{f.path}` - {f.what}" for f in group]
    if draft.delivers:
        yield 2, "Deliverables", [f"- {draft.delivers}"]
    if draft.marked:
        yield 2, "Required Code Markers", _markers(order, draft)


def _markers(order: Order, draft: Draft) -> list[str]:
    ways = order.project.ways
    fence, mark = (ways.fence, ways.comment) if ways else ("text", "#")
    cited = [f"{mark} @requirement:{r.id}" for r in draft.requirements[:1]]
    return [
        "Every function, class or test of this phase says where it comes from",
        "",
        f"```{fence}",
        f"{mark} {_marker(order, draft)}",
        *cited,
        "```",
    ]


def _checks(checks: Sequence[Check], marker: str) -> Iterator[str]:
    for n, check in enumerate(checks):
        if n and check.about:
            yield ""
        if check.about:
            yield f"# {check.about}"
        yield check.text.replace(MARK, marker)
        if check.expect:
            yield f"# Expected: {check.expect}"


def _recovery(draft: Draft) -> list[str]:
    """Say what to do when the phase fails: look, take back, do not go on."""
    key = draft.needs if draft.kind == "verification" else draft.key
    lines = [f"1. Read what was found: `weighlock why {draft.key}`"]
    if draft.kind == "verification":
        return [*lines, f"2. Mend Phase {key}, then: `weighlock retry {key}`"]
    if draft.kind == "preflight":
        return [*lines, f"2. Mend what it names, then: `weighlock retry {key}`"]
    old = " ".join(f.path for f in draft.files if f.action != "create")
    new = " ".join(f.path for f in draft.files if f.action == "create")
    back = [f"`git restore --staged --worktree -- {old}`"] if old else []
    back += [f"`git clean -f -- {new}`"] if new else []
    back = back or ["`git restore --staged --worktree -- .`"]
    lines.append(f"2. Take the work back: {', then '.join(back)}")
    return [*lines, "3. Start no later phase before this one has passed"]


def _completion(order: Order, draft: Draft) -> str:
    path = f"{order.home}/.completed/P{draft.key}.md"
    return f"weighlock writes `{path}` from its evidence when the phase has passed."
