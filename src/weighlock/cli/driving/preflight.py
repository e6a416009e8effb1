"""What is looked at before the first phase, so that nothing is spent in vain."""

import asyncio
from collections.abc import Callable

from weighlock.checks.preflight import Finding, baseline, tree
from weighlock.cli.opened import Opened
from weighlock.cli.site import Site, cache_folder
from weighlock.errors import RefusedError
from weighlock.plan.model import Plan
from weighlock.ports import Clock
from weighlock.run.events import PreflightChecked
from weighlock.run.state import RunState, fold


def refuse_dirty(here: Site) -> None:
    """Refuse a run whose base would lack what lies in the work tree.

    Raises:
        RefusedError: Changes are not committed, or there is no commit at all.
    """
    here.head()
    found = tree(here.git)
    if found.verdict != "pass":
        raise RefusedError(
            f"{found.summary}; a run starts from the commit and would not see them",
            hint=found.hint,
            where=str(here.root),
        )


def preflight(
    opened: Opened,
    plan: Plan,
    clock: Clock,
    saw: Callable[[PreflightChecked, RunState], None],
) -> None:
    """Record tools, tests, build and lint at the base, once for a run.

    Old failures are recorded and held against nobody; what makes checking impossible
    is a refusal, and is looked at again the next time.

    Raises:
        RefusedError: A tool is missing or the suite cannot be run.
    """
    seen = opened.state.preflight
    if seen and all(p.verdict != "error" for p in seen):
        return
    found = asyncio.run(
        baseline(
            opened.site.root,
            plan=plan,
            base=opened.state.base,
            selected=opened.state.selected,
            store=opened.store,
            settings=opened.site.settings.gate,
            scratch=cache_folder() / "scratch",
            sandbox=opened.site.settings.sandbox,
        )
    )
    for one in found:
        event = _event(one, clock.now())
        opened.journal.append(event)
        saw(event, fold(opened.journal.read()))
    wrong = [f for f in found if f.verdict == "error" and f.name != "tree"]
    if wrong:
        told = "\n".join(f"  {f.name}: {f.summary}" for f in wrong)
        hints = "; ".join(dict.fromkeys(f.hint for f in wrong if f.hint))
        raise RefusedError(f"no gate could decide anything here:\n{told}", hint=hints)


def _event(found: Finding, at: float) -> PreflightChecked:
    return PreflightChecked(
        at=at,
        name=found.name,
        verdict=found.verdict,
        summary=found.summary,
        hint=found.hint,
        evidence=found.evidence,
    )
