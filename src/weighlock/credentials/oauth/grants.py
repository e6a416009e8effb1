"""What is asked of an authorisation server (RFC 6749, 7009, 7636, 8628)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from weighlock.config.buckets import OAuthSettings
from weighlock.credentials.oauth.post import Post, Reply
from weighlock.credentials.oauth.tokens import Denied, Tokens, answered, seconds
from weighlock.credentials.policy.credential import Secret

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_OK = 200
_CODE = re.compile(r"[a-z_]{1,40}")
_FOR_GOOD = frozenset(
    {
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered client, with the way to reach its server."""

    settings: OAuthSettings
    secret: Secret | None
    post: Post

    async def refresh(self, refresh: Secret, now: float) -> Tokens | Denied:
        """Renew; the refresh token may rotate."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
        return self._tokens(await self._token(form), now, refresh)

    async def exchange(
        self, code: str, verifier: str, redirect: str, now: float
    ) -> Tokens | Denied:
        """Turn an authorisation code into tokens, with the proof that we asked."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect,
        }
        return self._tokens(await self._token(form), now)

    async def poll(self, device_code: str, now: float) -> Tokens | Denied:
        """Ask whether a person has typed in the code."""
        form = {"grant_type": DEVICE_GRANT, "device_code": device_code}
        return self._tokens(await self._token(form), now)

    async def device(self) -> "DeviceCode | Denied":
        """Ask for a code that a person types in elsewhere."""
        form = {"scope": " ".join(self.settings.scopes)} if self.settings.scopes else {}
        reply = await self._send(self.settings.device_url or "", form)
        return _device(reply.body) if reply.status == _OK else denied(reply)

    async def revoke(self, tokens: Tokens) -> bool:
        """Have both tokens revoked; say whether the server did."""
        url, done = self.settings.revoke_url, True
        if url is None:
            return False
        pairs = (("refresh_token", tokens.refresh), ("access_token", tokens.access))
        for hint, token in pairs:
            if token is not None:
                form = {"token": token.reveal(), "token_type_hint": hint}
                done &= (await self._send(url, form)).status == _OK
        return done

    async def _token(self, form: Mapping[str, str]) -> Reply:
        return await self._send(self.settings.token_url, form)

    async def _send(self, url: str, form: Mapping[str, str]) -> Reply:
        """Send a form as this client: HTTP Basic with a secret, else by its id."""
        name = self.settings.client_id
        if self.secret is not None:  # RFC 6749, 2.3.1: both are encoded first
            pair = quote(name, safe=""), quote(self.secret.reveal(), safe="")
            return await self.post(url, form, pair)
        return await self.post(url, {**form, "client_id": name}, None)

    def _tokens(
        self, reply: Reply, now: float, before: Secret | None = None
    ) -> Tokens | Denied:
        if reply.status != _OK:
            return denied(reply)
        return answered(reply.body, now, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """What a person types in, and where."""

    device_code: str
    user_code: str
    address: str
    complete: str | None
    """The address with the code in it, when the server has one."""
    expires_in: float
    interval: float
    """Seconds between two questions."""


def denied(reply: Reply) -> Denied:
    """Return why, by the server's own word if it is one."""
    said = reply.body.get("error")
    if isinstance(said, str):
        return Denied(code=word(said), permanent=said in _FOR_GOOD)
    return Denied(code=f"http_{reply.status}" if reply.status else "network")


def word(said: str) -> str:
    """Return a server's error code, if it looks like one; it is shown and logged."""
    return said if _CODE.fullmatch(said) else "error"


def _device(body: Mapping[str, object]) -> DeviceCode | Denied:
    address = body.get("verification_uri") or body.get("verification_url")
    codes = body.get("device_code"), body.get("user_code"), address
    if not (all(map(_plain, codes)) and _leads(address)):
        return Denied(code="no_device_code")
    complete = body.get("verification_uri_complete")
    return DeviceCode(
        device_code=str(codes[0]),
        user_code=str(codes[1]),
        address=str(codes[2]),
        complete=str(complete) if _leads(complete) else None,
        expires_in=seconds(body.get("expires_in")) or 900.0,
        interval=seconds(body.get("interval")) or 5.0,
    )


def _plain(text: object) -> bool:
    """Say whether a server's text may be shown on a terminal."""
    return isinstance(text, str) and bool(text) and text.isprintable()


def _leads(address: object) -> bool:
    """Say whether a browser may be sent to an address that a server named."""
    if not isinstance(address, str) or not _plain(address):
        return False
    try:
        return urlsplit(address).scheme in {"https", "http"}
    except ValueError:
        return False
