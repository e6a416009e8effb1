"""What is looked at before a run begins, so that nothing is spent in vain."""

from weighlock.cli.site import Site
from weighlock.cli.wiring import Crew
from weighlock.errors import RefusedError
from weighlock.plan.model import Plan

SHOWN = 8
"""How many changed paths a refusal names."""


def look_before(here: Site, plan: Plan, selected: tuple[str, ...], crew: Crew) -> None:
    """Refuse a run that could not end well.

    Raises:
        RefusedError: The work tree has changes that a run would not see.
    """
    del plan, selected, crew
    here.head()
    changed = [
        line[3:]
        for line in here.git.lines("status", "--porcelain", "-z", "-uno")
        if len(line) > 3  # noqa: PLR2004 - two letters and a blank, then the path
    ]
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise RefusedError(
            f"{len(changed)} changed files are not committed, and a run starts from "
            f"the commit: {', '.join(changed[:SHOWN])}{more}",
            hint="commit them, or put them away: git stash",
            where=str(here.root),
        )
