"""The authorisation code with PKCE, back to a loopback address (RFC 7636, 8252)."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from weighlock.credentials.oauth.grants import Client, word
from weighlock.credentials.oauth.tokens import Denied, Tokens
from weighlock.ports import Clock

PATH = "/callback"
_MOST_BYTES = 16 * 1024
_PATIENCE_S = 10.0
"""A browser connects ahead of time and may never ask; so long is it listened to."""
_PAGE = (
    "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\n"
    "cache-control: no-store\r\nreferrer-policy: no-referrer\r\n"
    "connection: close\r\ncontent-length: {length}\r\n\r\n{text}"
)


async def in_browser(
    client: Client, clock: Clock, show: Callable[[str, str], None]
) -> Tokens | Denied:
    """Send a person to the server, and take the one answer that is ours."""
    verifier = secrets.token_urlsafe(64)
    awaited = Answer(state=secrets.token_urlsafe(32))
    server = await asyncio.start_server(awaited.hear, "127.0.0.1", 0, limit=_MOST_BYTES)
    try:
        port = server.sockets[0].getsockname()[1]
        redirect = f"http://127.0.0.1:{port}{PATH}"
        show(address(client, redirect, awaited.state, verifier), "")
        await awaited.came.wait()
    finally:
        server.close()
    answer = awaited.answer
    if "error" in answer:  # before the code: an answer may hold both
        return Denied(code=word(answer["error"]), permanent=True)
    return await client.exchange(answer["code"], verifier, redirect, clock.now())


def address(client: Client, redirect: str, state: str, verifier: str) -> str:
    """Return where the person is sent."""
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client.settings.client_id,
        "redirect_uri": redirect,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if client.settings.scopes:
        query["scope"] = " ".join(client.settings.scopes)
    url = client.settings.authorize_url or ""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


@dataclass(slots=True, kw_only=True)
class Answer:
    """Listens for one answer with our state; every other one changes nothing."""

    state: str
    answer: dict[str, str] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer one request of a browser, or of whoever found the port."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")  # all, or closing resets
            line = head.partition(b"\r\n")[0].decode("ascii", errors="replace")
            status, text = self._take(line)
            page = _PAGE.format(status=status, length=len(text), text=text)
            writer.write(page.encode())
            await writer.drain()
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    def _take(self, line: str) -> tuple[str, str]:
        method, _, rest = line.partition(" ")
        target = urlsplit(rest.partition(" ")[0])
        if method != "GET" or target.path != PATH:
            return "404 Not Found", "nothing is here"
        query = {k: v[0] for k, v in parse_qs(target.query).items() if len(v) == 1}
        if not hmac.compare_digest(
            query.get("state", "").encode(), self.state.encode()
        ):
            return "400 Bad Request", "this is not the answer that was asked for"
        if self.came.is_set():
            return "400 Bad Request", "this was answered already"
        if not query.get("error") and not query.get("code"):
            return "400 Bad Request", "there is no code in it"
        self.answer = {k: query[k] for k in ("error", "code") if query.get(k)}
        self.came.set()
        return "200 OK", "You may close this window and go back to the terminal."
