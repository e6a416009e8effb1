"""Write a report that a colleague can audit: markdown, or one HTML file."""

from collections.abc import Iterable

from weighlock.views.report.audit import audit, rollback
from weighlock.views.report.blocks import Block
from weighlock.views.report.calls import calls
from weighlock.views.report.head import head
from weighlock.views.report.mark import mark
from weighlock.views.report.material import Material
from weighlock.views.report.overview import (
    final_gate,
    overview,
    preflight,
    requirements,
)
from weighlock.views.report.page import page
from weighlock.views.report.phase import phases
from weighlock.views.report.record import decisions, issues, remediations

__all__ = ["Material", "html", "markdown"]

_PARTS = (
    head,
    overview,
    final_gate,
    phases,
    requirements,
    preflight,
    calls,
    decisions,
    issues,
    remediations,
    rollback,
    audit,
)


def html(material: Material) -> str:
    """Return the report as one HTML document that loads nothing and runs nothing."""
    title = material.plan.title or material.plan.id
    return page(f"{title} - weighlock report", _blocks(material))


def markdown(material: Material) -> str:
    """Return the report as markdown, without the drawings."""
    return mark(_blocks(material))


def _blocks(material: Material) -> Iterable[Block]:
    for part in _PARTS:
        yield from part(material)
