"""The tables ``providers``, ``buckets``, ``oauth`` and ``gateway``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from weighlock.config.addresses import address
from weighlock.config.casts import fill, one_of
from weighlock.errors import SettingsError

Wire = Literal["anthropic", "openai-responses", "openai-chat", "gemini"]
"""The protocol that an upstream speaks."""

WIRES: tuple[Wire, ...] = get_args(Wire)
DELIVERIES = ("live", "assured")
STORES = ("file", "keyring")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ENV = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
T = TypeVar("T")
_MAY_BE_ZERO = ("stay_wait_s", "max_wait_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """One upstream."""

    name: str = ""
    """Its table's name, ``providers.<name>``."""
    protocol: str = ""
    """anthropic (Messages), openai-responses, openai-chat or gemini."""
    base_url: str = ""
    """Without ``/v1``; plain http only to this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSettings:
    """One credential with its own quota; the order of the file is the order of use."""

    id: str = ""
    provider: str = ""
    """Name of its ``providers`` table."""
    key_env: str | None = None
    """Variable that holds the API key."""
    key_file: Path | None = None
    """File that holds the API key, and nothing else."""
    oauth: str | None = None
    """Name of its ``oauth`` table, for a login in place of a key."""
    max_in_flight: int | None = None
    """Requests at once; no limit when not given."""
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSettings:
    """An OAuth 2.0 client that the user has registered."""

    name: str = ""
    """Its table's name, ``oauth.<name>``."""
    client_id: str = ""
    client_secret_env: str | None = None
    """Variable that holds the client's secret, if it has one."""
    token_url: str = ""
    authorize_url: str | None = None
    """For a login in a browser of this machine."""
    device_url: str | None = None
    """For a login by a code that is typed in elsewhere."""
    revoke_url: str | None = None
    scopes: tuple[str, ...] = ()
    store: str = "file"
    """file (mode 0600, in the user's state folder) or keyring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """How requests are delivered, retried and waited for."""

    delivery: str = "live"
    """live, or assured: the whole message is held, so that it can be replayed."""
    max_attempts: int = 6
    """Attempts of one request, over all buckets."""
    max_reauth: int = 1
    """Logins that one request may ask a person for."""
    stay_wait_s: float = 5.0
    """A bucket that asks for at most this wait is waited for, once."""
    max_wait_s: float = 0.0
    """How long a request may wait for the earliest reset."""
    probe_after_s: float = 900.0
    """A longer bench is tried by one real request this often."""
    connect_s: float = 10.0
    first_event_s: float = 120.0
    idle_s: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the four tables say, checked against each other."""

    providers: Mapping[str, ProviderSettings]
    buckets: tuple[BucketSettings, ...]
    oauth: Mapping[str, OAuthSettings]
    gateway: GatewaySettings


TABLES = tuple(field.name for field in fields(Access))
"""The keys of a configuration that this module reads."""


def access(values: Mapping[str, Any], source: Path) -> Access:
    """Read the four tables; a path is relative to the file's folder.

    Raises:
        SettingsError: An unknown key or name, a wrong type, an id twice, no credential
            or two, an address that is not https and not of this machine.
    """
    where = str(source)
    providers = _named(values, "providers", where, _provider)
    oauth = _named(values, "oauth", where, _oauth)
    buckets = _buckets(values.get("buckets", []), source)
    for bucket in buckets:
        name = f"buckets.{bucket.id}"
        _known(bucket.provider, providers, f"{name}.provider", where)
        if bucket.oauth is not None:
            _known(bucket.oauth, oauth, f"{name}.oauth", where)
    gateway = _gateway(values.get("gateway", {}), where)
    return Access(providers=providers, buckets=buckets, oauth=oauth, gateway=gateway)


def _named(
    values: Mapping[str, Any], key: str, where: str, read: Callable[..., T]
) -> dict[str, T]:
    tables = _a_table(values.get(key, {}), key, where)
    return {
        name: read(name, _a_table(table, f"{key}.{name}", where), where)
        for name, table in tables.items()
    }


def _provider(name: str, table: dict[str, Any], where: str) -> ProviderSettings:
    full = f"providers.{name}"
    found = fill(ProviderSettings, table, full, where)
    _given(found.protocol, f"{full}.protocol", where)
    one_of(found.protocol, WIRES, f"{full}.protocol", where)
    base = address(found.base_url, f"{full}.base_url", where).rstrip("/")
    if re.search(r"/v1(beta)?$", base):
        raise SettingsError(
            f"{full}.base_url ends with the version, which is part of the path",
            hint=f'base_url = "{base.rpartition("/")[0]}"',
            where=where,
        )
    return replace(found, name=name, base_url=base)


def _oauth(name: str, table: dict[str, Any], where: str) -> OAuthSettings:
    full = f"oauth.{name}"
    found = fill(OAuthSettings, table, full, where)
    _given(found.client_id, f"{full}.client_id", where)
    address(found.token_url, f"{full}.token_url", where)
    for key in ("authorize_url", "device_url", "revoke_url"):
        if (url := getattr(found, key)) is not None:
            address(url, f"{full}.{key}", where)
    if found.authorize_url is None and found.device_url is None:
        raise SettingsError(
            f"{full} has no way to log in",
            hint="give authorize_url (a browser here) or device_url (a code)",
            where=where,
        )
    one_of(found.store, STORES, f"{full}.store", where)
    _variable(found.client_secret_env, f"{full}.client_secret_env", where)
    return replace(found, name=name)


def _buckets(tables: object, source: Path) -> tuple[BucketSettings, ...]:
    where = str(source)
    if not isinstance(tables, list):
        raise SettingsError(
            "buckets must be an array of tables",
            hint="each begins with [[buckets]]",
            where=where,
        )
    found = tuple(
        _bucket(_a_table(table, f"buckets[{i}]", where), f"buckets[{i}]", source)
        for i, table in enumerate(tables, 1)
    )
    seen: set[str] = set()
    for bucket in found:
        if bucket.id.lower() in seen:
            raise SettingsError(f"two buckets have the id {bucket.id!r}", where=where)
        seen.add(bucket.id.lower())
    return found


def _bucket(table: dict[str, Any], full: str, source: Path) -> BucketSettings:
    where = str(source)
    found = fill(BucketSettings, table, full, where)
    if not _ID.fullmatch(found.id):
        raise SettingsError(
            f"{full}.id is {found.id!r}" if found.id else f"{full} has no id",
            hint="letters, digits, dot, dash and underscore, at most 64",
            where=where,
        )
    full = f"buckets.{found.id}"
    _given(found.provider, f"{full}.provider", where)
    ways = [k for k in ("key_env", "key_file", "oauth") if getattr(found, k)]
    if len(ways) != 1:
        raise SettingsError(
            f"{full} has {' and '.join(ways) or 'no credential'}",
            hint="give one of key_env, key_file and oauth",
            where=where,
        )
    _variable(found.key_env, f"{full}.key_env", where)
    if found.max_in_flight is not None and found.max_in_flight < 1:
        raise SettingsError(f"{full}.max_in_flight must be 1 or more", where=where)
    if found.key_file is None:
        return found
    return replace(found, key_file=source.parent / found.key_file.expanduser())


def _gateway(table: object, where: str) -> GatewaySettings:
    given = _a_table(table, "gateway", where)
    zero = {
        k for k in _MAY_BE_ZERO if type(v := given.get(k)) in {int, float} and not v
    }
    rest = {k: v for k, v in given.items() if k not in zero}
    found = fill(GatewaySettings, rest, "gateway", where)
    one_of(found.delivery, DELIVERIES, "gateway.delivery", where)
    for key, least in (("max_attempts", 1), ("max_reauth", 0)):
        if getattr(found, key) < least:
            raise SettingsError(f"gateway.{key} must be {least} or more", where=where)
    return replace(
        found,
        stay_wait_s=0.0 if "stay_wait_s" in zero else found.stay_wait_s,
        max_wait_s=0.0 if "max_wait_s" in zero else found.max_wait_s,
    )


def _a_table(value: object, name: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(f"{name} must be a table", where=where)
    return value


def _given(value: str, name: str, where: str) -> None:
    if not value:
        raise SettingsError(f"{name} is missing", where=where)


def _variable(value: str | None, name: str, where: str) -> None:
    """Refuse what is no name; what was given may be a key, so it is not shown."""
    if value is not None and not _ENV.fullmatch(value):
        raise SettingsError(
            f"{name} is not the name of an environment variable",
            hint="the key itself does not belong in a configuration",
            where=where,
        )


def _known(value: str, known: Mapping[str, object], name: str, where: str) -> None:
    if not known:
        table = name.rpartition(".")[2].replace("provider", "providers")
        raise SettingsError(
            f"{name} is {value!r}, but there is no table [{table}.{value}]", where=where
        )
    one_of(value, tuple(known), name, where)
