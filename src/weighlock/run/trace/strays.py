"""Rows for what markers say beside requirements and phases: pseudocode, orphans."""

from collections.abc import Iterator, Mapping, Sequence

from weighlock.run.trace.model import Place, Row, RowKind, State
from weighlock.run.trace.names import Names


def pseudocode_rows(
    found: Mapping[tuple[str, tuple[int, int] | None], Sequence[Place]], names: Names
) -> Iterator[Row]:
    """Yield one row for each reference to lines of the plan's pseudocode."""
    for (path, lines), places in sorted(found.items(), key=lambda item: str(item[0])):
        file, last = names.pseudocode(path)
        extent = f" lines {lines[0]}-{lines[1]}" if lines else ""
        state: State = "covered"
        why = f"the lines are there, in {file}"
        if not file:
            state, why = "orphaned", "the plan has no such file"
        elif lines and (lines[1] > last or lines[0] > lines[1] or lines[0] < 1):
            state, why = "outdated", f"{file} ends with line {last}"
        yield _row("pseudocode", f"{path}{extent}", state, why, places)


def orphan_rows(found: Mapping[str, Sequence[Place]], names: Names) -> Iterator[Row]:
    """Yield one row for each phase or requirement that only markers know."""
    for id_, places in sorted(found.items()):
        below = sorted(r for r in names.requirements if r.startswith(f"{id_}."))
        why = "the plan has no such phase"
        if places[0].marker.kind != "plan":
            why = "the plan has no such requirement"
        if below:
            why += f"; it has {below[0]}" + (f" to {below[-1]}" if below[1:] else "")
        yield _row("orphan", id_, "orphaned", why, places)


def _row(
    kind: RowKind, id_: str, state: State, why: str, found: Sequence[Place]
) -> Row:
    sorted_: dict[str, list[Place]] = {}
    for place in found:
        what = "test" if place.counts.endswith("test") else place.counts
        sorted_.setdefault(what, []).append(place)
    tests, documents = sorted_.pop("test", []), sorted_.pop("document", [])
    code = [place for places in sorted_.values() for place in places]
    return Row(
        kind=kind,
        id=id_,
        state=state,
        why=why,
        code=tuple(code),
        tests=tuple(tests),
        documents=tuple(documents),
    )
