"""An authorisation server on this machine that plays by the RFCs, and can be unkind."""

import asyncio
import base64
import contextlib
import hashlib
import itertools
import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import ClientSession, web

from weighlock.config.buckets import OAuthSettings
from weighlock.credentials.oauth.grants import DEVICE_GRANT, Client
from weighlock.credentials.oauth.post import post
from weighlock.credentials.oauth.source import TokenSource
from weighlock.credentials.oauth.store import FileStore, place
from weighlock.credentials.policy.credential import Secret
from weighlock.credentials.state.install import fingerprints

START = 1_790_000_000.0
DEADLINE_S = 200.0


@dataclass
class Hurry:
    """A clock whose short sleeps are over at once, and whose deadlines never come."""

    at: float = START
    slept: list[float] = field(default_factory=list)

    def now(self):
        return self.at

    async def sleep(self, seconds):
        if seconds > DEADLINE_S:
            await asyncio.Event().wait()
        self.at += seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)


@dataclass
class AuthServer:
    """Hands out tokens; a refresh token works once, and replaying it ends the login."""

    life: float = 3600
    rotates: bool = True
    answers: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    """What is said before anything else, once each."""
    forms: list[dict[str, str]] = field(default_factory=list)
    basic: list[str | None] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    revoked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    url: str = ""
    slow: tuple[asyncio.Event, asyncio.Event] | None = None
    """(it has rotated, it may answer): between the two the answer is on its way."""
    pieces: int = 0
    """In how many pieces a token answer is sent; 0: whole."""
    _number: "itertools.count[int]" = field(default_factory=itertools.count)

    @contextlib.asynccontextmanager
    async def serving(self):
        app = web.Application()
        app.router.add_get("/authorize", self.authorize)
        app.router.add_post("/token", self.token)
        app.router.add_post("/device", self.device)
        app.router.add_post("/revoke", self.revoke)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await runner.cleanup()

    def settings(self, **other):
        return OAuthSettings(
            **{
                "name": "corp",
                "client_id": "client-1",
                "token_url": f"{self.url}/token",
                "authorize_url": f"{self.url}/authorize",
                "device_url": f"{self.url}/device",
                "revoke_url": f"{self.url}/revoke",
                "scopes": ("models",),
                **other,
            }
        )

    def client(self, secret=None, **other):
        settings = self.settings(**other)
        return Client(
            settings=settings, secret=Secret(secret) if secret else None, post=post
        )

    def source(self, folder, clock, tell=lambda _: None, **other):
        client = self.client(**other)
        return TokenSource(
            bucket="b",
            client=client,
            store=FileStore(place(folder, "b", client.settings)),
            fingerprint=fingerprints(folder),
            clock=clock,
            tell=tell,
        )

    async def authorize(self, request):
        """Ask nobody, and send the browser back with a code."""
        asked = dict(request.query)
        code = f"code-{next(self._number)}"
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        raise web.HTTPFound(f"{asked['redirect_uri']}?{back}")

    async def token(self, request):
        form = dict(await request.post())
        self.forms.append(form)
        self.basic.append(request.headers.get("authorization"))
        if self.answers:
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)
        refused = getattr(self, f"_{form['grant_type'].rpartition(':')[2]}")(form)
        if refused:
            return web.json_response({"error": refused}, status=400)
        if self.slow:
            came, go_on = self.slow
            tokens = self.issue()
            came.set()
            await go_on.wait()
            return web.json_response(tokens)
        if self.pieces:
            return await self._slowly(request, json.dumps(self.issue()).encode())
        return web.json_response(self.issue())

    async def _slowly(self, request, data):
        """Answer in pieces that arrive one by one."""
        response = web.StreamResponse()
        await response.prepare(request)
        for at in range(0, len(data), 1 + len(data) // self.pieces):
            await response.write(data[at : at + 1 + len(data) // self.pieces])
            await asyncio.sleep(0.002)
        await response.write_eof()
        return response

    async def device(self, request):
        self.forms.append(dict(await request.post()))
        return web.json_response(
            {
                "device_code": "device-code",
                "user_code": "WDJB-MJHT",
                "verification_uri": f"{self.url}/activate",
                "interval": 5,
                "expires_in": 600,
            }
        )

    async def revoke(self, request):
        self.revoked.append(str((await request.post())["token"]))
        return web.Response()

    def issue(self):
        number = next(self._number)
        tokens = {
            "access_token": f"access-{number}",
            "token_type": "Bearer",
            "expires_in": self.life,
        }
        if self.rotates:
            tokens["refresh_token"] = f"refresh-{number}"
            self.good.add(f"refresh-{number}")
        return tokens

    def _refresh_token(self, form):
        token = form["refresh_token"]
        if token in self.spent:  # replayed: the whole family ends
            self.good.clear()
            return "invalid_grant"
        if token not in self.good:
            return "invalid_grant"
        if self.rotates:
            self.good.discard(token)
            self.spent.add(token)
        return None

    def _authorization_code(self, form):
        asked = self.codes.pop(form["code"], None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return "invalid_grant"
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return None if challenge == asked["code_challenge"] else "invalid_grant"

    def _device_code(self, form):
        assert form["grant_type"] == DEVICE_GRANT


class Browser:
    """Goes where it is sent, as soon as the caller lets it."""

    def __init__(self):
        self.went = None
        self.page = ""

    def show(self, address, code):
        del code
        self.went = asyncio.ensure_future(self._go(address))

    async def _go(self, address):
        async with ClientSession() as session, session.get(address) as answer:
            self.page = await answer.text()


async def get(url):
    """Ask for a page as whoever found the port would."""
    async with ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


def redirect_of(address):
    """Return the redirect address in an authorisation request, and its state."""
    query = parse_qs(urlsplit(address).query)
    return query["redirect_uri"][0], query["state"][0]
