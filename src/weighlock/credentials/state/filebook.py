"""The benches in one file that all processes of a HOME share."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar, get_args

import orjson

from weighlock.credentials.book import Change, drop, put
from weighlock.credentials.policy.bench import MOST_STRIKES, Bench
from weighlock.credentials.policy.words import Detail, Reason
from weighlock.credentials.state import private
from weighlock.errors import RefusedError

T = TypeVar("T")

KEPT_S = 86_400.0
"""A bench that ended so long ago is forgotten, with its strikes."""
_LOOK_S = 0.05
"""So long the file is not looked at again: every request asks several times."""
_LOCK_S = 2.0
_POLL_S = 0.005
_TIMES = ("since", "until", "probe_at")


class FileBook:
    """Benches in ``benches.json``; without a disk, those of this process alone.

    A lost write costs one request that is told again to wait, so that none is waited
    for: it is atomic, not durable.

    Args:
        folder: The user's state folder; made when the first bench is written.
        now: The clock.
        trouble: Told once what the system said when a file cannot be used.
    """

    def __init__(
        self, folder: Path, now: Callable[[], float], trouble: Callable[[str], None]
    ) -> None:
        self._path = folder / "benches.json"
        self._now = now
        self._trouble = trouble
        self._told = False
        self._seen: private.Signature | None = None
        self._looked = -_LOOK_S
        self._benches: dict[str, Bench] = {}

    def read(self) -> Mapping[str, Bench]:
        """Return the benches; what another process wrote is seen a moment later."""
        now = self._now()
        if not self._looked <= now < self._looked + _LOOK_S:
            self._looked = now
            self._look()
        return self._benches

    def _look(self) -> None:
        """Read the file again, if it has changed."""
        try:
            seen = private.signature(self._path)
            if seen is not None and seen != self._seen:
                self._seen = seen
                self._benches = _parsed(private.read(self._path) or b"")
        except (OSError, RefusedError) as error:
            self._say(error)

    def change(self, key: str, change: Change) -> Bench | None:
        """Change one bench under the file's lock."""
        return self._locked(lambda benches: put(benches, key, change))

    def forget(self, prefix: str) -> int:
        """Remove benches by the beginning of their key."""
        return self._locked(lambda benches: drop(benches, prefix))

    def _locked(self, act: Callable[[dict[str, Bench]], T]) -> T:
        """Act on what the file says now, and write what came of it."""
        from filelock import FileLock, Timeout

        try:
            private.folder(self._path.parent)
            lock = FileLock(
                self._path.with_suffix(".lock"),
                timeout=_LOCK_S,
                poll_interval=_POLL_S,
                mode=0o600,
            )
            with lock:
                self._look()
                benches = dict(self._benches)
                result = act(benches)
                self._write(benches)
        except (OSError, RefusedError, Timeout) as error:
            self._say(error)
            return act(self._benches)
        return result

    def _write(self, benches: dict[str, Bench]) -> None:
        if benches == self._benches:
            return
        since = self._now() - KEPT_S
        kept = {key: bench for key, bench in benches.items() if bench.until > since}
        data = {"version": 1, "benches": {k: asdict(b) for k, b in kept.items()}}
        private.write(self._path, orjson.dumps(data), durable=False)
        self._benches = kept
        self._seen = private.signature(self._path)

    def _say(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            self._trouble(f"{type(error).__name__}: {self._path}")


def _parsed(data: bytes) -> dict[str, Bench]:
    """Read the file; a bench that makes no sense is left out, as is a torn file."""
    try:
        table = orjson.loads(data)["benches"]
        return {key: bench for key, raw in table.items() if (bench := _bench(raw))}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _bench(raw: Mapping[str, object]) -> Bench | None:
    since, until, probe_at = (_number(raw.get(name)) for name in _TIMES)
    strikes = raw.get("strikes")
    reason = next((r for r in get_args(Reason) if r == raw.get("reason")), None)
    detail = next((d for d in get_args(Detail) if d == raw.get("detail")), None)
    if reason is None or detail is None or not isinstance(strikes, int):
        return None
    if since is None or until is None or probe_at is None:
        return None
    return Bench(
        since=since,
        until=until,
        probe_at=probe_at,
        reason=reason,
        detail=detail,
        strikes=min(max(strikes, 0), MOST_STRIKES),
    )


def _number(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and isinstance(value, int | float) else None
