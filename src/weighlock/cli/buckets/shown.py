"""Show the buckets as they stand: who is ready, who rests, until when."""

from collections.abc import Iterator

import click

from weighlock.cli.buckets.home import home, origin
from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.config.buckets import BucketSettings
from weighlock.credentials import Door
from weighlock.credentials.policy.bench import ANY, Bench


def show(globals_: Globals) -> int:
    """Print every bucket in the order of use; nobody is asked anything."""
    here = home(globals_)
    chosen = here.chosen(None)
    doors = here.pool().doors()
    now = SystemClock().now()
    if globals_.json:
        rows = [_row(b, d, now) for b, d in zip(chosen, doors, strict=True)]
        globals_.data({"schema": "weighlock/buckets/1", "buckets": rows})
        return 0
    wide = max(len(b.id) for b in chosen)
    for bucket, door in zip(chosen, doors, strict=True):
        click.echo(f"{bucket.id:<{wide}}  {bucket.provider:<12} {_told(door, now)}")
        globals_.say(f"{'':<{wide}}  from {origin(bucket)}")
        for line in _benches(door, now):
            click.echo(f"{'':<{wide}}  {line}")
    return 0


def _row(bucket: BucketSettings, door: Door, now: float) -> dict[str, object]:
    state, detail = _state(door, now)
    return {
        "id": bucket.id,
        "provider": bucket.provider,
        "protocol": door.bucket.upstream.wire,
        "kind": door.bucket.kind,
        "from": origin(bucket),
        "state": state,
        "detail": detail,
        "max_in_flight": bucket.max_in_flight,
        "expires_at": door.expires_at,
        "retry_at": door.barred.retry_at if door.barred else None,
        "benches": [
            {
                "model": model,
                "reason": bench.reason,
                "detail": bench.detail,
                "since": bench.since,
                "until": bench.earliest,
                "probe_at": bench.probe_at,
            }
            for model, bench in door.benches.items()
        ],
    }


def _state(door: Door, now: float) -> tuple[str, str]:
    """Return the word for how a bucket stands, and what exactly."""
    if not door.bucket.enabled:
        return "disabled", ""
    if door.missing is not None:
        return "no-token", door.missing.detail
    if door.barred is not None:
        return "rests", door.barred.detail
    if door.bucket.kind == "oauth" and (door.expires_at or 0.0) <= now:
        return "expired", "renewed when it is used"
    return "ready", "for other models" if door.benches.keys() - {ANY} else ""


def _told(door: Door, now: float) -> str:
    state, detail = _state(door, now)
    if state == "no-token" and door.bucket.kind == "oauth":
        detail = f"{detail}: weighlock bucket login {door.bucket.id}"
    return f"{state} ({detail})" if detail else state


def _benches(door: Door, now: float) -> Iterator[str]:
    for model, bench in door.benches.items():
        what = "all models" if model == ANY else model or "no model named"
        yield f"{what}: {bench.reason} / {bench.detail}, {_until(bench, now)}"


def _until(bench: Bench, now: float) -> str:
    if bench.earliest is None:
        return "until it has another credential"
    return f"for {_span(bench.earliest - now)} more"


def _span(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
