"""Drafts → files: a phase directory with overview and tracker, or one file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from weighlock.plan.write.components import bare_title
from weighlock.plan.write.course import Order, drafts
from weighlock.plan.write.draft import Draft
from weighlock.plan.write.page import quoted, render
from weighlock.plan.write.project import kebab

Files = tuple[tuple[str, bytes], ...]
"""(path below the plan's folder, bytes), in the order of the plan."""


def phase_directory(order: Order) -> Files:
    """Return the phase files and the tracker; the specification is not among them."""
    phases = _with_overview(order)
    files = [(f"plan/{file_name(d)}", _text(order, d)) for d in phases]
    return (*files, ("plan/execution-tracker.md", _bytes(_tracker(order, phases))))


def single_file(order: Order) -> bytes:
    """Return the plan as one file, every phase under a heading of its own."""
    phases = _with_overview(order)
    lines = [f"# Plan: {_title(order)}", "", f"Plan ID: {order.id}", ""]
    lines += [f"Specification: `{order.specification.page.file}`", ""]
    for draft in phases:
        lines += [*render(order, draft, level=2), ""]
    return _bytes(lines[:-1])


def file_name(draft: Draft) -> str:
    """Return the name of a phase's file: ``03-slugs-stub.md``."""
    return f"{draft.key}-{kebab(draft.title) or 'phase'}.md"


def _text(order: Order, draft: Draft) -> bytes:
    lines = render(order, draft)
    if draft.key == "00":
        title = _title(order).replace('"', "'")
        lines = ["---", f'title: "{title}"', "---", "", *lines]
    return _bytes(lines)


def _title(order: Order) -> str:
    return bare_title(order.specification.title) or order.components[0].name


def _bytes(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines).rstrip() + "\n").encode()


def _with_overview(order: Order) -> tuple[Draft, ...]:
    phases = drafts(order)
    notes = tuple(_overview(order, phases))
    return (replace(phases[0], notes=notes), *phases[1:])


def _overview(order: Order, phases: Sequence[Draft]) -> Iterator[str]:
    """Yield the overview: order of work, requirements, what is left out."""
    found = order.specification
    if found.purpose:
        yield from (*quoted([found.purpose]), "")
    yield from ("| Phase | Focus | Kind | Verification |", "|---|---|---|---|")
    for draft in phases:
        if draft.kind != "verification":
            twin = any(d.key == f"{draft.key}a" for d in phases if d.key != "00a")
            yield (
                f"| P{draft.key} | {draft.title} | {draft.kind} "
                f"| {f'P{draft.key}a' if twin else '-'} |"
            )
    yield from ("", "| Requirement | Covered Phases |", "|---|---|")
    for one in found.requirements:
        keys = [
            f"P{d.key}"
            for d in phases
            if d.scope == "Implemented (Expanded)" and one in d.requirements
        ]
        yield f"| {one.id} | {', '.join(keys)} |"
    if found.excluded:
        yield from ("", f"Out of scope are {', '.join(found.excluded)}")


def _tracker(order: Order, phases: Sequence[Draft]) -> Iterator[str]:
    yield from (f"# Execution Tracker: {order.id}", "")
    yield "| Phase | ID | Description | Status | Started | Completed | Verified |"
    yield "|-------|----|-------------|--------|---------|-----------|----------|"
    for draft in phases:
        yield f"| {draft.key} | P{draft.key} | {draft.title} | PENDING | - | - | - |"
