"""The device flow (RFC 8628): a person types a code in on any machine."""

from collections.abc import Callable

from weighlock.credentials.oauth.grants import Client
from weighlock.credentials.oauth.tokens import Denied, Tokens
from weighlock.ports import Clock

SLOWER_S = 5.0
"""What ``slow_down`` adds to the interval, for good (RFC 8628, 3.5)."""
_PENDING = "authorization_pending"


async def by_code(
    client: Client, clock: Clock, show: Callable[[str, str], None]
) -> Tokens | Denied:
    """Show a code, and ask until it was typed in, refused or has run out."""
    code = await client.device()
    if isinstance(code, Denied):
        return code
    show(code.complete or code.address, code.user_code)
    interval, ends = code.interval, clock.now() + code.expires_in
    while clock.now() + interval < ends:
        await clock.sleep(interval)
        found = await client.poll(code.device_code, clock.now())
        if not isinstance(found, Denied) or not _waits(found):
            return found
        if found.code != _PENDING:  # also a lost connection: back off
            interval += SLOWER_S
    return Denied(code="expired_token", permanent=True)


def _waits(denied: Denied) -> bool:
    """Say whether to ask again; a server that has a fault says nothing of the code."""
    passing = denied.code in {_PENDING, "slow_down", "network"}
    return passing or denied.code.startswith("http_5")
