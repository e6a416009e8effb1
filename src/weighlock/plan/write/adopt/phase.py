"""One phase of any plan → its file in a phase directory."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from weighlock.plan.key import stem
from weighlock.plan.kinds import read_kind
from weighlock.plan.model import Action, Command, Phase, Plan
from weighlock.plan.status import read_status
from weighlock.plan.titles import read_title
from weighlock.plan.write.project import kebab

Way = Literal["verbatim", "spelled out"]
"""verbatim: the author's text says it · spelled out: fields, the text in a fence."""

_HEADS: dict[Action, str] = {
    "create": "Files to Create",
    "modify": "Files to Modify",
    "delete": "Files to Delete",
    "keep": "Files NOT to Modify",
}
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_SPEAKS = re.compile(r"\W*(?:yes|true|with|phases?|no|none|n/a|false|-)", re.IGNORECASE)
_LONGEST_NAME = 60


def phase_file(phase: Phase, keys: Mapping[str, str]) -> str:
    """Return the path of a phase's file."""
    name = kebab(phase.title)[:_LONGEST_NAME].strip("-")
    return f"plan/{keys[phase.key]}-{name or 'phase'}.md"


def phase_page(plan: Plan, phase: Phase, keys: Mapping[str, str], way: Way) -> str:
    """Return the text of a phase's file."""
    front, body = own_text(phase)
    first = next((k for k in keys.values() if stem(k) == "00"), None)
    if keys[phase.key] == first and plan.title:
        front = _titled(front, plan.title)
    lines = [*front, f"# Phase {keys[phase.key]}: {phase.title}", ""]
    lines += _top(plan, phase, keys)
    if way == "spelled out":
        lines += _spelled(phase)
        body = fenced(body)
    if any(line.strip() for line in body):
        lines += ["## Description" if way == "verbatim" else "## Original Text", ""]
        lines += body
    return "\n".join(lines).rstrip("\n") + "\n"


def _titled(front: list[str], title: str) -> list[str]:
    """Say the plan's title in the front matter of its overview, where readers look."""
    kept = [line for line in front[1:-1] if not line.lower().startswith("title:")]
    return ["---", f'title: "{title}"', *kept, "---", ""]


def own_text(phase: Phase) -> tuple[list[str], list[str]]:
    """Return the front matter, and what stands below the line that names the phase."""
    lines = phase.text.split("\n")
    front: list[str] = []
    if lines[0].rstrip() == "---" and phase.source.line == 1:
        end = next((n for n in range(1, len(lines)) if lines[n].rstrip() == "---"), 0)
        front, lines = lines[: end + 1] if end else [], lines[end + 1 if end else 0 :]
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    found = read_title(lines[first].lstrip("# ")) if lines else None
    whole = phase.title in lines[first]
    if found and whole and lines[first].startswith("#") and found.title == phase.title:
        del lines[: first + 1]
    return front, lines


def fenced(lines: Sequence[str]) -> list[str]:
    """Return lines in a fence that none of them can close."""
    ticks = max(
        (len(m[0]) for line in lines for m in re.finditer("`+", line)), default=0
    )
    fence = "`" * max(4, ticks + 1)
    return [f"{fence}original", *lines, fence]


def _top(plan: Plan, phase: Phase, keys: Mapping[str, str]) -> list[str]:
    """Return what the folder form says above everything else."""
    lines: list[str] = []
    if plan.id:
        kept = keys[phase.key] == phase.key and phase.id
        lines += ["## Phase ID", "", f"`{kept or f'{plan.id}.P{keys[phase.key]}'}`", ""]
    if labels := list(_labels(phase, keys)):
        lines += [*labels, ""]
    lines += ["## Prerequisites", "", _needs(phase, keys), ""]
    return lines


def _labels(phase: Phase, keys: Mapping[str, str]) -> Iterator[str]:
    stated = {
        "Kind": phase.kind if _unclear(phase) else None,
        "Verifies": _target(phase, keys),
        "Owner": phase.owner,
        "Skills": ", ".join(phase.skills),
        "Estimate": phase.estimate,
        "Group": _quoted(phase.group),
        "Blast Radius": _ticked(phase.blast_radius),
        "Status": _status(phase),
    }
    yield from (f"**{name}:** {value}" for name, value in stated.items() if value)


def _target(phase: Phase, keys: Mapping[str, str]) -> str | None:
    """Name the phase that a verification looks at where its number does not say so."""
    new = keys.get(phase.verifies or "")
    told = new is None or stem(keys[phase.key]) == new
    return None if told else f"Phase {new}"


def _quoted(group: str | None) -> str | None:
    """Put a name in quotes that would be read as "parallel with Phase 2"."""
    if group is None or (not _SPEAKS.match(group) and group == group.strip("*` ")):
        return group
    return f'"{group}"'


def _ticked(radius: str | None) -> str | None:
    return f"`{radius}`" if radius and "`" not in radius else radius


def _unclear(phase: Phase) -> bool:
    """Say whether title and file name would give another kind."""
    return read_kind(phase.title, kebab(phase.title)) != phase.kind


def _status(phase: Phase) -> str:
    if phase.status == "pending" and not phase.status_text:
        return ""
    said = " ".join(phase.status_text.split())
    return said if read_status(said) == phase.status else phase.status


def _needs(phase: Phase, keys: Mapping[str, str]) -> str:
    named = [f"Phase {keys[need]}" for need in phase.needs if need in keys]
    if not named:
        return "- None."
    return f"- Required: {', '.join(named)} completed"


def _spelled(phase: Phase) -> list[str]:
    """Return the sections that say every field outright."""
    lines: list[str] = []
    lines += _section("Requirements Implemented", _requirements(phase))
    tasks = [
        line
        for action, title in _HEADS.items()
        for line in _section(
            title, [f"- `{f.path}`" for f in phase.files if f.action == action], 3
        )
    ]
    given = [f"- {' '.join(d.text.split())}" for d in phase.deliverables]
    tasks += _section("Deliverables", given, 3)
    if tasks:
        lines += ["## Implementation Tasks", "", *tasks]
    if phase.commands:
        boxes = {c.source.line for c in phase.criteria}
        mine = [c for c in phase.commands if c.source.line not in boxes]
        lines += ["## Verification Commands", "", *_commands(mine)] if mine else []
    criteria = [f"- [{'x' if c.done else ' '}] {c.text}" for c in phase.criteria]
    return lines + _section("Success Criteria", criteria)


def _section(title: str, lines: Sequence[str], level: int = 2) -> list[str]:
    return [f"{'#' * level} {title}", "", *lines, ""] if lines else []


def _requirements(phase: Phase) -> list[str]:
    numbers = [r for r in phase.requirements if _NUMBER.fullmatch(r)]
    named = [f"- {r}" for r in phase.requirements if r not in numbers]
    bare = [f"**Requirements:** {', '.join(numbers)}"] if numbers else []
    return [*bare, *([""] if bare and named else []), *named]


def _commands(commands: Iterable[Command]) -> list[str]:
    """Return a shell block; blank lines keep expectations apart."""
    body: list[str] = []
    told = True
    for command in commands:
        said = command.expect.text
        body += [""] if body and (told or said) else []
        body += command.text.split("\n")
        body += [f"# Expected: {said}"] if said else []
        told = bool(said)
    ticks = max(
        (len(m[0]) for line in body for m in re.finditer("`{3,}", line)), default=2
    )
    fence = "`" * (ticks + 1)
    return [f"{fence}bash", *body, fence, ""]
