"""Let a person log in: in a browser of this machine, or with a code elsewhere."""

from collections.abc import Callable

from weighlock.credentials.oauth.browser import in_browser
from weighlock.credentials.oauth.device import by_code
from weighlock.credentials.oauth.grants import Client
from weighlock.credentials.oauth.tokens import Denied, Tokens
from weighlock.credentials.waiting import within
from weighlock.errors import AgentError
from weighlock.ports import Clock

LOGIN_S = 300.0
"""How long a person may take."""

Show = Callable[[str, str], None]
"""(address, code or nothing): ask a person to go there; may open a browser."""


async def log_in(
    client: Client, clock: Clock, show: Show, *, device: bool = False
) -> Tokens:
    """Log in by the way that is asked for, or the one that the client has.

    Args:
        client: With authorize_url or device_url.
        clock: Time.
        show: How the person is asked.
        device: By a code, where there is a choice.

    Raises:
        AgentError: The person or the server said no, or it took longer than 5 minutes.
    """
    settings = client.settings
    by_device = settings.device_url is not None
    code = by_device and (device or settings.authorize_url is None)
    if device and not code:
        raise AgentError(
            f"oauth.{settings.name} has no device_url", hint="log in without --device"
        )
    way = by_code if code else in_browser
    found = await within(clock, LOGIN_S, way(client, clock, show))
    if found is None:
        raise AgentError(f"nobody logged in within {LOGIN_S:.0f} s", hint="try again")
    return _granted(found[0], settings.name)


def _granted(found: Tokens | Denied, name: str) -> Tokens:
    if isinstance(found, Denied):
        raise AgentError(
            f"the login did not succeed: {found.code}",
            hint=f"check the client and the addresses in [oauth.{name}]",
        )
    return found
