"""The connection upstream: one pool for each address, no cookies, no redirects."""

from collections.abc import Mapping

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from weighlock.gateway.call import Call
from weighlock.gateway.relay.broken import Broken

HEADER_LIMIT = 64 * 1024
"""Bytes of one line or header of an answer."""
_KEPT_S = 15.0
"""How long an idle connection is kept; upstreams close theirs after a minute or so."""
_OWN = ("User-Agent", "Accept", "Content-Type", "Accept-Encoding")
"""Headers that the client library would add."""
_MOST_URLS = 256
_REDIRECTS = range(300, 400)


class Client:
    """Requests upstream. Connections are shared by address, never by credential."""

    def __init__(self, *, connect_s: float) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=connect_s),
            skip_auto_headers=_OWN,
            trust_env=False,  # no proxy and no .netrc of the environment
            max_line_size=HEADER_LIMIT,
            max_field_size=HEADER_LIMIT,
        )
        self._urls: dict[str, URL] = {}

    async def send(
        self, call: Call, base_url: str, keys: Mapping[str, str]
    ) -> aiohttp.ClientResponse:
        """Send a request and return when the answer's headers are there.

        Raises:
            Broken: The upstream sends the client elsewhere; a key does not follow.
        """
        headers = CIMultiDict(call.headers)
        headers.extend(keys)
        response = await self._session.request(
            call.method,
            self._url(base_url + call.path),
            data=call.body or None,
            headers=headers,
            allow_redirects=False,
        )
        if response.status in _REDIRECTS:
            response.close()
            raise Broken("redirect")
        return response

    def _url(self, text: str) -> URL:
        """Return an address; there are few, and reading one takes its time."""
        found = self._urls.get(text)
        if found is None:
            if len(self._urls) > _MOST_URLS:
                self._urls.clear()
            found = self._urls[text] = URL(text, encoded=True)
        return found

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()
