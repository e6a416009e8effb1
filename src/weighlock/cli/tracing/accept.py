"""Let suspect code stand: a person's word, as an event of the run."""

import getpass

from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.cli.tracing.asked import Traced
from weighlock.errors import NothingToDo, UsageError
from weighlock.journal import lock_run
from weighlock.plan.key import normal
from weighlock.run.events import TraceAccepted
from weighlock.run.trace.model import Row


def accepted(globals_: Globals, found: Traced, id_: str, reason: str) -> int:
    """Journal that a person accepts what changed, exactly as it is now.

    Raises:
        NothingToDo: It is not suspect.
        UsageError: The plan has no such requirement or phase.
        RefusedError: The run is being driven.
    """
    row = _row(found, id_)
    opened = found.opened
    if row.state != "suspect" or opened is None:
        raise NothingToDo(
            f"{row.id} is {row.state}, not suspect: there is nothing to accept",
            hint="see: weighlock trace",
        )
    state = opened.state
    word = TraceAccepted(
        at=SystemClock().now(),
        id=row.id,
        digests=row.pins,
        by=getpass.getuser(),
        reason=reason,
    )
    with lock_run(opened.site.state, state.plan, state.run):
        opened.journal.append(word)
    if globals_.json:
        shown = {"schema": "weighlock/accepted/1", "id": row.id}
        globals_.data(
            {**shown, "digests": list(row.pins), "by": word.by, "reason": reason}
        )
    globals_.say(f"{row.id}: accepted by {word.by}; another change makes it suspect")
    return 0


def _row(found: Traced, id_: str) -> Row:
    known = {r.id: r for r in found.trace.rows if r.kind in {"requirement", "phase"}}
    row = known.get(id_) or known.get(normal(id_) or "")
    if row is None:
        suspect = ", ".join(r.id for r in known.values() if r.state == "suspect")
        raise UsageError(
            f"the plan has no requirement or phase {id_!r}",
            hint=f"suspect: {suspect}" if suspect else "nothing is suspect",
        )
    return row
