"""Calls that go on with the next bucket: ``await orchestrator.call(fn, ctx)``."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import TracebackType
from typing import Self, TypeVar

from weighlock.credentials import BucketPool, Lease, RequestState
from weighlock.providers.context import Attempt, CallContext, MissingCallContext, Send
from weighlock.providers.exchange import CallRefused
from weighlock.providers.http import Http

T = TypeVar("T")


class Orchestrator:
    """Calls functions of a context with a bucket's credential, until one succeeds.

    It keeps connections, by address, and nothing of any call.

    Args:
        pool: The buckets.
        send: How requests are sent; default: over HTTP.
    """

    def __init__(self, pool: BucketPool, *, send: Send | None = None) -> None:
        self._pool = pool
        self._http = Http(pool.clock)
        self._send = send or self._http.send

    async def call(
        self, fn: Callable[[CallContext], Awaitable[T]], ctx: CallContext
    ) -> T:
        """Call a function with this context, in an attempt for each bucket tried.

        Args:
            fn: A provider, or any function that sends one request with the credential
                of ``ctx.under_way()`` and raises CallRefused when it is refused. It
                must not retry by itself.
            ctx: What is asked.

        Raises:
            MissingCallContext: The context names no protocol or no model.
            CallRefused: The call itself is wrong, so that no other bucket would help.
            AllBucketsExhausted: No bucket is left.
        """
        ctx.require("call", "wire", "model")
        if ctx.wire is None:  # for the type checker: require has seen to it
            raise MissingCallContext(("wire",), "call")
        request = self._pool.request(
            ctx.wire,
            model=ctx.model,
            affinity=ctx.runtime,
            provider=ctx.provider,
            max_wait_s=ctx.max_wait_s,
        )
        while True:
            tried = await self._try(fn, ctx, request)
            if tried is not None:
                return tried[0]

    async def _try(
        self,
        fn: Callable[[CallContext], Awaitable[T]],
        ctx: CallContext,
        request: RequestState,
    ) -> tuple[T] | None:
        """Return the result in a tuple, or None when the next bucket may serve."""
        with await request.next() as lease:
            try:
                result = await fn(replace(ctx, attempt=self._attempt(lease)))
            except CallRefused as refused:
                if refused.answer.passes:
                    lease.succeeded(refused.answer)
                    raise
                lease.failed(refused.answer)
                return None
            lease.succeeded()
            return (result,)

    def _attempt(self, lease: Lease) -> Attempt:
        return Attempt(
            number=lease.attempt,
            bucket=lease.bucket.id,
            upstream=lease.upstream,
            credential=lease.credential,
            send=self._send,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._http.close()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self.close()
