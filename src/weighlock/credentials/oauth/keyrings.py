"""Tokens in the system's keyring, and only in one that keeps secrets."""

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import orjson

from weighlock.credentials.oauth.store import parsed
from weighlock.credentials.oauth.tokens import Tokens, to_table

SERVICE = "weighlock"
KEEPERS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
"""Modules of backends that encrypt.

With ``keyrings.alt`` installed the default backend of ``keyring`` is a plain text file,
so that the default is never asked for.
"""


class Ring(Protocol):
    """A backend of the package ``keyring``."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a text."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove it."""


def backend() -> Ring | None:
    """Return a keyring that keeps secrets; None: there is none, or no package."""
    try:
        found = importlib.import_module("keyring.backend").get_all_keyring()
    except Exception:  # noqa: BLE001 - backends fail in any way while they are looked for
        return None
    return choose(found)


def choose(rings: Iterable[Ring]) -> Ring | None:
    """Return the first ring by the order of KEEPERS; never fail, null or plain text."""
    by_module = {type(ring).__module__: ring for ring in rings}
    for module in KEEPERS:
        found = next((r for m, r in by_module.items() if _inside(m, module)), None)
        if found is not None:
            return found
    return None


class KeyringStore:
    """The tokens of one bucket in a keyring; looked up once, for that is slow."""

    def __init__(self, ring: Ring, name: str, lock: Path) -> None:
        self.lock = lock
        self._ring = ring
        self._name = name
        self._tokens: Tokens | None = None

    def load(self, *, fresh: bool = False) -> Tokens | None:
        """Return what is kept.

        Raises:
            OSError: The keyring is locked or does not answer.
        """
        if self._tokens is None or fresh:
            try:
                text = self._ring.get_password(SERVICE, self._name)
            except Exception as error:  # noqa: BLE001 - see backend
                raise OSError(f"the keyring: {type(error).__name__}") from None
            self._tokens = parsed(text.encode() if text else None)
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        """Keep tokens.

        Raises:
            OSError: The keyring is locked, or they are too long for it.
        """
        try:
            text = orjson.dumps(to_table(tokens)).decode()
            self._ring.set_password(SERVICE, self._name, text)
        except Exception as error:  # noqa: BLE001 - see backend
            raise OSError(f"the keyring: {type(error).__name__}") from None
        self._tokens = tokens

    def remove(self) -> bool:
        """Remove them."""
        there = self.load(fresh=True) is not None
        try:
            if there:
                self._ring.delete_password(SERVICE, self._name)
        except Exception as error:  # noqa: BLE001 - see backend
            raise OSError(f"the keyring: {type(error).__name__}") from None
        self._tokens = None
        return there


def _inside(module: str, keeper: str) -> bool:
    return module == keeper or module.startswith(f"{keeper}.")
