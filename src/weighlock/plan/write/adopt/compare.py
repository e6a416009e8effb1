"""Say in which fields a phase read back differs from the one it was made of."""

from collections.abc import Mapping

from weighlock.plan.model import Phase, Plan

Fields = dict[str, object]


def differences(
    plan: Plan, new: Plan, keys: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return old key → names of fields that read otherwise; all when it is gone."""
    found: dict[str, tuple[str, ...]] = {}
    for phase in plan.phases:
        there = new.phase(keys[phase.key])
        wanted = fields(phase, keys)
        given = fields(there, {}) if there else {}
        found[phase.key] = tuple(n for n in wanted if given.get(n) != wanted[n])
    return found


def fields(phase: Phase, keys: Mapping[str, str]) -> Fields:
    """Return everything that a phase says, keys as the new plan has them."""
    return {
        "title": phase.title,
        "kind": phase.kind,
        "verifies": keys.get(phase.verifies or "", phase.verifies),
        "needs": tuple(keys.get(need, need) for need in phase.needs),
        "group": phase.group,
        "owner": phase.owner,
        "skills": phase.skills,
        "estimate": phase.estimate,
        "status": phase.status,
        "blast radius": phase.blast_radius,
        "requirements": frozenset(phase.requirements),
        "files": frozenset((f.path, f.action) for f in phase.files),
        "commands": tuple(
            (c.text, c.expect.form, c.expect.value) for c in phase.commands
        ),
        "criteria": tuple((c.text, c.done) for c in phase.criteria),
        "deliverables": tuple((d.text, d.owner) for d in phase.deliverables),
    }
