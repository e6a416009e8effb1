"""The least that passes model calls on with aiohttp: no door, no failover, no tap.

    python bench/gateway/least.py UPSTREAM_PORT

prints its port and serves until it is ended. It is what the gateway is measured beside.
"""

import asyncio
import sys

import aiohttp
import uvloop
from aiohttp import web

_AWAY = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding"}


class Least:
    """Send what comes, with another host."""

    def __init__(self, port: str) -> None:
        self.to = f"http://127.0.0.1:{port}"
        self.session: aiohttp.ClientSession | None = None

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """Answer a request with what the upstream says."""
        if self.session is None:
            connector = aiohttp.TCPConnector(limit=0)
            self.session = aiohttp.ClientSession(connector=connector)
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _AWAY}
        body = await request.read()
        async with self.session.request(
            request.method, self.to + request.path_qs, data=body, headers=headers
        ) as answer:
            kind = {"content-type": answer.headers["content-type"]}
            if "event-stream" not in kind["content-type"]:
                whole = await answer.read()
                return web.Response(body=whole, status=answer.status, headers=kind)
            out = web.StreamResponse(status=answer.status, headers=kind)
            await out.prepare(request)
            async for part in answer.content.iter_any():
                await out.write(part)
            await out.write_eof()
            return out


async def main() -> None:
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/{path:.*}", Least(sys.argv[1]).pass_on)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
