"""The gateway as an ASGI application: look, let in, relay, write down."""

import asyncio
import itertools
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from weighlock.gateway.call import Call, Cut, Message, Out, Receive, Send
from weighlock.gateway.door.grants import Grant
from weighlock.gateway.door.guard import Guard
from weighlock.gateway.door.headers import Incoming, incoming
from weighlock.gateway.door.paths import Route, Unknown, query, route
from weighlock.gateway.record import Record
from weighlock.gateway.relay.loop import Relay
from weighlock.gateway.wire import WIRES, Refusal, Wire
from weighlock.ports import Clock

BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of a request's body; it is held whole, for it may be sent again."""

CLIENT_GONE = 499
"""Status in the log when the client did not wait for an answer."""

LEAVING = "weighlock.leaving"
"""Key of a scope: what is called when the client goes away."""

Admit = Callable[[Grant, str], Refusal | None]
"""(grant, model) → why a request is not let through now: budget, too many at once."""
Closed = Callable[[Grant | None, Record], None]
"""Called once for each request, when it is over."""


class Gone(Exception):  # noqa: N818 - it is what the client did
    """The client has gone away; nobody waits for the answer."""


@dataclass(slots=True, kw_only=True)
class App:
    """The ASGI application."""

    guard: Guard
    relay: Relay
    clock: Clock
    admit: Admit
    closed: Closed
    tasks: defaultdict[str, set["asyncio.Task[None]"]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """Grant → its requests that are being answered."""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _name: str = field(default_factory=lambda: secrets.token_hex(3))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; nothing that goes wrong in it goes further."""
        if scope["type"] != "http":
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        request = f"{self._name}-{next(self._numbers)}"
        record = Record(request=request, time=self.clock.now())
        visit = Visit(
            app=self, scope=scope, receive=receive, out=Out(send), record=record
        )
        try:
            await visit.answer()
        except Gone:
            pass
        finally:
            record.status = visit.out.status or CLIENT_GONE
            record.duration_s = loop.time() - began
            self.closed(visit.grant, record)


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request on its way through the door."""

    app: App
    scope: Message
    receive: Receive
    out: Out
    record: Record
    grant: Grant | None = None

    async def answer(self) -> None:
        """Answer the request: relay it, or say why not."""
        seen = incoming(self.scope["headers"])
        method, path = self.scope["method"], self.scope["raw_path"]
        to = route(method, path, self.app.guard.listing(seen))
        wire = WIRES[to.protocol]
        self.record.protocol = wire.name
        refusal = self.app.guard.address(seen)
        if refusal is None and method == "HEAD" and path == b"/":
            await self.out.answer(wire, 200, [], b"")  # is anybody there?
            return
        refusal = refusal or await self._enter(to, wire, seen)
        if refusal is not None:
            await self._refuse(wire, refusal)

    async def _enter(
        self, to: Route | Unknown, wire: Wire, seen: Incoming
    ) -> Refusal | None:
        """Check the token, read the body, relay; return why not."""
        app = self.app
        kept, keys = query(self.scope["query_string"])
        grant = app.guard.grant(seen, keys, app.clock.now())
        if isinstance(grant, Refusal):
            return grant
        self.grant, self.record.grant = grant, grant.id
        if isinstance(to, Unknown):
            return Refusal(status=to.status, message=_NOT_HERE[to.status])
        refusal = app.guard.protocol(grant, to.protocol)
        if refusal is not None:
            return refusal
        body = await _body(self.receive)
        if body is None:
            return Refusal(status=413, message=f"the body is over {BODY_LIMIT} bytes")
        model, streams = _understood(body, to)
        call = Call(
            id=self.record.request,
            wire=wire,
            method=self.scope["method"],
            path=_target(self.scope["raw_path"], kept),
            headers=seen.up,
            body=body,
            model=model,
            streams=streams,
            generates=to.generates,
            grant=grant,
        )
        return await self._relay(call)

    async def _relay(self, call: Call) -> Refusal | None:
        self.record.model = call.model or None
        self.record.generates = call.generates
        names = call.model or call.method == "POST"  # a list of models names none
        if names and not call.grant.allows(call.model):
            message = f"this token is not for the model {call.model!r}"
            return Refusal(status=403, message=message)
        refusal = self.app.admit(call.grant, call.model)
        if refusal is not None:
            return refusal
        await self._watched(call)
        return None

    async def _watched(self, call: Call) -> None:
        """Relay until the client goes away; then nobody pays for the rest.

        Raises:
            Gone: It went away.
        """
        task, left = asyncio.current_task(), False
        if task is None:
            raise RuntimeError("a request is answered in a task of its own")

        def leave() -> None:
            nonlocal left
            if not self.out.ended:
                left = task.cancel()

        going, leaving = self.app.tasks[call.grant.id], self.scope[LEAVING]
        going.add(task)
        leaving.append(leave)
        try:
            await self.app.relay.answer(call, self.out, self.record)
        except Cut:
            pass  # the server drops a connection whose answer has no end
        except asyncio.CancelledError:
            if not left or task.uncancel():
                raise
            raise Gone from None
        finally:
            going.discard(task)
            leaving.remove(leave)  # else the request would hold on to itself

    async def _refuse(self, wire: Wire, refusal: Refusal) -> None:
        self.record.refused = refusal.why or refusal.message
        self.record.told = refusal.message
        await self.out.refuse(wire, refusal)


_NOT_HERE = {
    404: "this path is not served here",
    405: "this path is not served with this method",
}


async def _body(receive: Receive) -> bytes | None:
    """Return a request's body; None when it is too large.

    Raises:
        Gone: The client went away before it had sent all of it.
    """
    message = await receive()
    data: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body", False):
        return data if len(data) <= BODY_LIMIT else None
    parts, size = [data], len(data)
    while message.get("more_body", False) and size <= BODY_LIMIT:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if message["type"] == "http.disconnect":
        raise Gone
    return b"".join(parts) if size <= BODY_LIMIT else None


def _target(path: bytes, kept: bytes) -> bytes:
    return path + b"?" + kept if kept else path


def _understood(body: bytes, to: Route) -> tuple[str, bool]:
    """Return model and whether a stream is asked for.

    A body that cannot be read is passed on: what it means is the upstream's to say.
    """
    known = to.model or "", bool(to.streams)
    if not body or (to.model is not None and to.streams is not None):
        return known
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return known
    if not isinstance(document, dict):
        return known
    model = to.model or document.get("model")
    streams = document.get("stream") is True if to.streams is None else to.streams
    return model if isinstance(model, str) else "", streams
