"""The completion marker of a phase: ``.completed/P03.md``, ``03-01-SUMMARY.md``."""

import re
from collections.abc import Iterable

from weighlock.plan.key import normal
from weighlock.plan.model import Phase, Plan
from weighlock.plan.splice.note import Note, Ran
from weighlock.plan.splice.paper import locate, places

_NAMED = re.compile(r"\.completed/([\w.-]+\.md)\b")


def marker_path(plan: Plan, phase: Phase) -> str | None:
    """Return where a phase's marker goes, relative to the plan's root.

    An existing file and the name in the phase's own text come first.  None when the
    plan's dialect has no markers.
    """
    if plan.dialect == "gsd":
        return _summary(plan, phase)
    if plan.dialect != "phase-directory":
        return None
    there = (s.path for s in plan.sources if s.path.startswith(".completed/"))
    names = [path.removeprefix(".completed/") for path in there]
    named = _mine(names, phase) or _mine(_NAMED.findall(phase.text), phase)
    return f".completed/{named or f'P{phase.key}.md'}"


def _summary(plan: Plan, phase: Phase) -> str | None:
    """Return the summary beside a plan file; a task inside one has none."""
    if not _FOLDED.match(phase.key):
        return None
    if phase.status_text.upper().endswith("-SUMMARY.MD"):
        return phase.status_text
    path = locate(places(plan), phase.source) or ""
    found = _PLAN_FILE.search(path)
    return f"{path[: found.start()]}-SUMMARY.md" if found else None


def _mine(names: Iterable[str], phase: Phase) -> str | None:
    """Return the name that stands for this phase and not for one it mentions."""
    return next((n for n in names if normal(n.removesuffix(".md")) == phase.key), None)


_FOLDED = re.compile(r"\d+(?:\.\d+)?-\d+\Z")
_PLAN_FILE = re.compile(r"-PLAN\.md\Z", re.IGNORECASE)
SIGNED = "Written by weighlock from evidence it gathered itself."


def drop_marker(plan: Plan, phase: Phase) -> str | None:
    """Return the path of a marker that holds no longer; only one of our own."""
    path = marker_path(plan, phase)
    ours = (s for s in plan.sources if s.path == path and SIGNED.encode() in s.data)
    return path if any(ours) else None


def write_marker(phase: Phase, note: Note) -> bytes:
    """Return the marker's text; everything in it was seen by weighlock itself."""
    facts = {
        "Verdict": note.verdict.upper() or "PASS",
        "Completed": note.at,
        "Commit": note.commit,
        "Evidence": note.evidence,
        "Tests before": note.tests_before and f"{note.tests_before} {_ORDER}",
        "Tests after": note.tests_after and f"{note.tests_after} {_ORDER}",
    }
    lines = [
        f"# Phase {phase.key}: {phase.title}",
        "",
        *(f"- {name}: {value}" for name, value in facts.items() if value),
    ]
    files = [f"- `{f.path}` ({_counted(f.lines)}{_did(f.action)})" for f in note.files]
    lines += _section("Files", files)
    lines += _section("Commands", [_ran(ran) for ran in note.commands])
    lines += _section("Findings", [f"- {line}" for line in note.summary])
    lines += ["", SIGNED, ""]
    return "\n".join(lines).encode()


_ORDER = "(passed/failed/skipped/error)"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _counted(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines} lines"


def _did(action: str) -> str:
    return f", {action}" if action else ""


def _ran(ran: Ran) -> str:
    command = " ".join(ran.command.split())
    ticks = "``" if "`" in command else "`"
    code = "no exit code" if ran.exit_code is None else f"exit code {ran.exit_code}"
    result = f": {ran.result}" if ran.result else ""
    return f"- {ticks}{command}{ticks}: {code}{result}"
