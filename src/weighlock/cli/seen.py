"""What views need beside the journal: time, signs of life, who drives the run."""

from pathlib import Path

from weighlock.cli.clock import SystemClock
from weighlock.cli.opened import Opened
from weighlock.journal import driver
from weighlock.plan.model import Plan
from weighlock.run.forecast import forecast
from weighlock.views.live import ends
from weighlock.views.state import Pulse, Seen

TAIL = 4096


def seen(opened: Opened, plan: Plan) -> Seen:
    """Look at the clock, the logs of running phases, and the run's lock."""
    now = SystemClock().now()
    state = opened.state
    found = forecast(plan, state, now, opened.site.settings.jobs)
    return Seen(
        now=now,
        pulses=tuple(p for key in state.open if (p := _pulse(opened, key, now))),
        alive=driver(opened.site.state, state.plan) is not None,
        ends=ends(found),
    )


def _pulse(opened: Opened, key: str, now: float) -> Pulse | None:
    last = opened.state.phase(key).last
    if last is None:
        return None
    log = opened.log(key, last.number)
    try:
        changed = log.stat().st_mtime
    except OSError:
        return None
    return Pulse(phase=key, what=_last_line(log), ago_s=max(0.0, now - changed))


def _last_line(log: Path) -> str:
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
