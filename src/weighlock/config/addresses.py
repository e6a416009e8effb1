"""Addresses that a secret may be sent to: https, or this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from weighlock.errors import SettingsError


def address(value: str, name: str, where: str) -> str:
    """Return an address that a secret may be sent to.

    Raises:
        SettingsError: It is none, has a user or a fragment, or is plain http to another
            machine; it is not shown where it may hold a password.
    """
    if not value:
        raise SettingsError(f"{name} is missing", where=where)
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError(f"{name} is not an address", where=where) from None
    odd = parts.username is not None or parts.fragment or not host
    if odd or parts.scheme not in {"https", "http"}:
        raise SettingsError(
            f"{name} is not a plain https address",
            hint='such as "https://api.example.com", without user, password and #',
            where=where,
        )
    if parts.scheme == "http" and not _here(host):
        raise SettingsError(
            f"{name} is plain http to another machine: the key could be read",
            hint=f'"https://{parts.netloc}{parts.path}"',
            where=where,
        )
    return value


def _here(host: str) -> bool:
    """Say whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
