"""A plan that changed while its run stood still: show it, ask, take it in."""

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.cli.driving.start import refuse_fatal
from weighlock.cli.opened import Opened
from weighlock.cli.planned import phase_of
from weighlock.cli.snapshot import digest, gate_of, keep_gate, keep_newer
from weighlock.disk import load
from weighlock.errors import PlanError
from weighlock.plan.changes import around, compare
from weighlock.plan.model import Plan
from weighlock.plan.read import read
from weighlock.run.events import PlanChanged, to_dict
from weighlock.run.proposal import Answer, Proposal
from weighlock.views.changes import gate_text, text
from weighlock.views.live import style_of
from weighlock.views.text import label


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command line says about changes of the plan."""

    yes: bool = False
    reopen: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    as_begun: bool = False
    agreed: str = ""
    """Digest of the version that a person has agreed to already."""


def options(said: Said, found: Proposal | None) -> tuple[str, ...]:
    """Return the options that tell another process what was said to this one."""
    if said.as_begun and found is None:
        return ("--as-begun",)
    pairs = [("--reopen", key) for key in said.reopen]
    pairs += [("--keep", key) for key in said.keep]
    flat = [word for pair in pairs for word in pair]
    flat += ["--as-begun"] if said.as_begun else []
    return (*flat, "--agreed", digest(found.plan)) if found else tuple(flat)


def proposed(opened: Opened, said: Said, globals_: Globals) -> Proposal | None:
    """Compare the plan as it is now with the run's own; None when nothing counts.

    Raises:
        PlanError: The plan cannot be executed as it is now.
        UsageError: A key names no phase of it.
    """
    kept = opened.plan()
    newer = kept if said.as_begun else _now(opened, kept, globals_) or kept
    if not (said.reopen or said.keep or around(kept, newer)):
        return None
    answer = Answer(
        reopen=frozenset(phase_of(newer, key).key for key in said.reopen),
        keep=frozenset(phase_of(newer, key).key for key in said.keep),
        by=getpass.getuser(),
    )
    found = compare(kept, newer)
    proposal = Proposal(plan=newer, changes=found, state=opened.state, answer=answer)
    quiet = all(c.word == "same" and c.before == c.after for c in found)
    return None if quiet and not answer.reopen and newer is kept else proposal


def _now(opened: Opened, kept: Plan, globals_: Globals) -> Plan | None:
    """Read the plan from where the run read it; None when it is not there."""
    path = folder_of(opened) / Path(kept.path).relative_to(kept.root)
    try:
        newer = newest(opened, kept)
    except PlanError as error:
        if path.exists():
            raise
        globals_.say(f"{error.message}: {path}; going on with the run's own copy")
        return None
    refuse_fatal(newer, path)
    return newer


def folder_of(opened: Opened) -> Path:
    """Return the folder that the plan's files are relative to, in the work tree."""
    return opened.site.root / opened.state.plan_path


def newest(opened: Opened, kept: Plan) -> Plan:
    """Read a run's plan as it is in the work tree now, in the form it had then.

    Raises:
        PlanError: It is not there, or cannot be read.
    """
    found = load(folder_of(opened) / Path(kept.path).relative_to(kept.root))
    return read(found.sources, path=kept.path, root=kept.root, dialect=kept.dialect)


def agreed(proposal: Proposal, said: Said, globals_: Globals) -> bool:
    """Show what changed; say whether the run may go on with it."""
    newest = digest(proposal.plan)
    if said.agreed:
        return said.agreed == newest
    style = style_of(sys.stderr, color=globals_.colored() and sys.stderr.isatty())
    globals_.say(text(proposal, proposal.plan.path, style))
    asked = proposal.asked()
    if not asked or said.yes:
        return True
    named = ", ".join(label(key) for key in asked)
    if sys.stdin.isatty() and sys.stderr.isatty():
        return click.confirm(f"Do {named} again?", err=True)
    first = asked[0]
    click.echo(
        f"weighlock: to be done again: {named}; nobody said yes\n"
        f"hint: weighlock resume --yes; or for each of them --reopen {first} or "
        f"--keep {first}; or go on with the older plan: weighlock resume --as-begun",
        err=True,
    )
    return False


def taken_in(opened: Opened, proposal: Proposal, globals_: Globals) -> PlanChanged:
    """Keep the newer version and return the event that puts it into force."""
    named = keep_newer(proposal.plan, opened.folder)
    event = proposal.event(named, SystemClock().now())
    if globals_.json:
        globals_.data(to_dict(event))
    return event


def tell_gate(opened: Opened, globals_: Globals) -> None:
    """Say which settings of the gate changed since the run was driven last."""
    if not opened.state.gate:
        return
    now = keep_gate(opened.site.settings.gate, opened.store)
    if now != opened.state.gate:
        old = gate_of(opened.store, opened.state.gate)
        globals_.say(gate_text(old, gate_of(opened.store, now)))
