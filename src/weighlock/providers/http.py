"""Requests over HTTP: connections by address, no cookies, no redirects, no proxies."""

from typing import TYPE_CHECKING

from weighlock.credentials.oauth.post import whole
from weighlock.ports import Clock
from weighlock.providers.exchange import Incoming, Outgoing

if TYPE_CHECKING:  # loaded with the first request
    import aiohttp

CONNECT_S = 10.0
SILENT_S = 600.0
"""How long an upstream may say nothing; it begins when the whole answer is there."""
MOST_BYTES = 64 * 1024 * 1024


class Http:
    """Sends requests; made without a loop, opened by the first one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, out: Outgoing) -> Incoming:
        """Send a request and read its answer, whole.

        Raises:
            OSError: There is none.
            TimeoutError: The upstream said nothing for too long.
        """
        import aiohttp

        session = self._session
        if session is None:
            session = self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),  # a bucket has limits, we none
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=CONNECT_S, sock_read=SILENT_S
                ),
                trust_env=False,
            )
        try:
            async with session.post(
                out.url, data=out.body, headers=out.headers, allow_redirects=False
            ) as answer:
                body = await whole(answer.content.iter_any(), MOST_BYTES)
                return Incoming(
                    status=answer.status,
                    headers=dict(answer.headers),
                    body=body,
                    at=self._clock.now(),
                )
        except aiohttp.SocketTimeoutError:
            raise TimeoutError from None
        except (aiohttp.ClientError, ValueError) as error:
            raise ConnectionError(type(error).__name__) from None  # it may name a key

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None
