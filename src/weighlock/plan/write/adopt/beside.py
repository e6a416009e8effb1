"""What stands outside the phases: lines to the overview, other files along with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename

from weighlock.plan.encoding import decode
from weighlock.plan.layout import is_phase_file, marker_key
from weighlock.plan.model import Plan, Requirement, Source
from weighlock.plan.splice.paper import locate, places

TRACKER = "execution-tracker.md"
_OVERVIEW = "overview.md"
_TITLED = ("overview", "readme", "plan", "specification")
"""Words in the names of files that the reader takes a title from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Where lines went that are in no phase."""

    file: str
    """Below the old plan's root."""
    first: int
    last: int
    target: str
    """Below the new folder."""
    read: bool
    """Whether it is still part of the plan, or only kept in ``source/``."""


def beside(
    plan: Plan, keys: Mapping[str, str], named: Sequence[Requirement] = ()
) -> tuple[dict[str, bytes], tuple[Carried, ...]]:
    """Return the files beside the phases, and what of the old plan they hold.

    Args:
        plan: The old plan.
        keys: Old key → new key.
        named: Requirements that have to be named outright, in a table.
    """
    inside = _inside(plan)
    same = all(old == new for old, new in keys.items())
    files: dict[str, bytes] = {}
    carried: list[Carried] = []
    loose: list[str] = []
    for source in plan.sources:
        if source.path in inside and source.path.endswith((".md", ".markdown", ".txt")):
            for first, last, lines in _outside(source, inside[source.path]):
                loose += [*lines, ""]
                carried.append(_carried(source, first, last, _OVERVIEW))
            continue
        target = _target(plan, source, same=same)
        if target in files:
            target = f"source/{source.path}"
        files[target] = source.data
        carried.append(_carried(source, 1, len(decode(source.data).lines), target))
    loose += _table(named)
    _add_overview(plan, files, loose)
    if TRACKER not in files:
        files[TRACKER] = "\n".join(_tracker(plan, keys)).encode()
    return files, tuple(carried)


def _table(named: Sequence[Requirement]) -> list[str]:
    if not named:
        return []
    rows = [f"| {r.id} | {_cell(r.text.replace(chr(10), ' '))} |" for r in named]
    return ["", "| Requirement | Text |", "|---|---|", *rows]


def _add_overview(plan: Plan, files: dict[str, bytes], loose: list[str]) -> None:
    """Write the overview, unless another file gives the plan its title."""
    folder = plan.dialect == "phase-directory"
    known = any(word in path for path in files for word in _TITLED)
    if folder and not loose and (known or not plan.title):
        return
    if _OVERVIEW in files:
        files[f"source/{_OVERVIEW}"] = files.pop(_OVERVIEW)
    title = [f"# {plan.title}", ""] if plan.title else []
    files[_OVERVIEW] = "\n".join([*title, *loose]).encode(errors="surrogateescape")


def _carried(source: Source, first: int, last: int, target: str) -> Carried:
    kept = target.startswith("source/")
    return Carried(
        file=source.path, first=first, last=last, target=target, read=not kept
    )


def _inside(plan: Plan) -> dict[str, set[int]]:
    """Return which lines of which files are in phases."""
    where = places(plan)
    found: dict[str, set[int]] = {}
    for phase in plan.phases:
        path = locate(where, phase.source)
        if path is not None:
            last = phase.source.end_line or phase.source.line
            found.setdefault(path, set()).update(range(phase.source.line, last + 1))
    return found


def _outside(
    source: Source, inside: set[int]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield (first, last, lines) of the runs of lines that are in no phase."""
    lines = decode(source.data).lines
    at = 1
    while at <= len(lines):
        if at in inside:
            at += 1
            continue
        first = at
        while at <= len(lines) and at not in inside:
            at += 1
        run = lines[first - 1 : at - 1]
        if any(line.strip() for line in run):
            yield first, at - 1, run


def _target(plan: Plan, source: Source, *, same: bool) -> str:
    """Return where a file goes that holds no phase."""
    path, name = source.path, basename(source.path)
    text = name.lower().endswith((".md", ".markdown", ".txt"))
    if plan.dialect == "phase-directory" and same:
        return (
            path.removeprefix("plan/") if text or marker_key(path) else f"source/{path}"
        )
    hidden = marker_key(path) or is_phase_file(path) or "tracker" in name.lower()
    if not text or hidden:
        return f"source/{path}"
    return path if "/" not in path else f"analysis/{path.replace('/', '-')}"


def _tracker(plan: Plan, keys: Mapping[str, str]) -> Iterator[str]:
    """Yield a status table that says of each phase what the old plan said."""
    said = {row.key: row.status_text for row in plan.tracker}
    yield from (f"# Execution Tracker: {plan.id or plan.title}", "")
    yield "| Phase | ID | Description | Status | Started | Completed | Verified |"
    yield "|-------|----|-------------|--------|---------|-----------|----------|"
    for phase in plan.phases:
        key = keys[phase.key]
        state = said.get(phase.key) or phase.status_text or phase.status.upper()
        cells = (key, f"P{key}", phase.title, state, "-", "-", "-")
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
