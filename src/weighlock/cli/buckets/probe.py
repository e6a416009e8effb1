"""Ask the upstreams whether they take the credentials."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Literal

import click

from weighlock.cli.buckets.home import home
from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.credentials import Bucket, BucketPool, Hint, Wire, classify, network
from weighlock.credentials.oauth.post import whole
from weighlock.credentials.policy.credential import Missing

TIMEOUT_S = 20.0
MOST_BYTES = 256 * 1024
_UNAVAILABLE = 7
_MODELS: dict[Wire, str] = {
    "anthropic": "/v1/models",
    "openai-responses": "/v1/models",
    "openai-chat": "/v1/models",
    "gemini": "/v1beta/models",
}
_NEEDED: dict[Wire, dict[str, str]] = {"anthropic": {"anthropic-version": "2023-06-01"}}

State = Literal["ok", "refused", "unreachable", "no-token", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of asking with one bucket's credential."""

    bucket: str
    state: State
    detail: str = ""
    status: int | None = None
    code: str = ""
    """The upstream's own word."""


def probe(globals_: Globals, name: str | None) -> int:
    """Ask with every credential, or with one; say what was answered."""
    here = home(globals_)
    chosen = {b.id for b in here.chosen(name)}
    pool = here.pool()
    found = asyncio.run(_all(pool, [b for b in pool.buckets if b.id in chosen]))
    if globals_.json:
        tried = [asdict(one) for one in found]
        globals_.data({"schema": "weighlock/tried/1", "buckets": tried})
    else:
        for one in found:
            more = " ".join(w for w in (one.detail, str(one.status or "")) if w)
            click.echo(f"{one.bucket}: {one.state}{f' ({more})' if more else ''}")
    good = all(one.state in {"ok", "unknown"} for one in found)
    return 0 if good else _UNAVAILABLE


async def _all(pool: BucketPool, buckets: list[Bucket]) -> list[Tried]:
    async with asyncio.TaskGroup() as group:
        going = [group.create_task(_one(pool, b)) for b in buckets]
    return [task.result() for task in going]


async def _one(pool: BucketPool, bucket: Bucket) -> Tried:
    got = await pool.sources[bucket.id].get()
    if isinstance(got, Missing):
        return Tried(bucket=bucket.id, state="no-token", detail=got.detail)
    wire = bucket.upstream.wire
    headers = {**got.headers(wire), **_NEEDED.get(wire, {})}
    hint = await _asked(bucket.upstream.base_url + _MODELS[wire], headers)
    return Tried(
        bucket=bucket.id,
        state=_state(hint),
        detail=_detail(hint),
        status=hint.status,
        code=hint.code,
    )


async def _asked(url: str, headers: dict[str, str]) -> Hint:
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            body = await whole(answer.content.iter_any(), MOST_BYTES)
            fine = answer.status < 300  # noqa: PLR2004 - any success
            now = SystemClock().now()
            said = b"" if fine else body
            return classify(answer.status, answer.headers, said, now=now)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return network(type(error).__name__)


def _state(hint: Hint) -> State:
    states: dict[str, State] = {
        "none": "ok",
        "request": "unknown",
        "upstream": "unreachable",
    }
    return states.get(hint.fault, "refused")


def _detail(hint: Hint) -> str:
    if hint.fault == "request":
        return "the upstream has no list of models, so it was not judged"
    return hint.detail
