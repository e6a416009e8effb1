"""Fingerprints of secrets, by a key that only this installation has."""

import hashlib
import hmac
import os
from pathlib import Path

from weighlock.credentials.source import Fingerprint
from weighlock.credentials.state import private
from weighlock.errors import RefusedError

_BYTES = 32
_HEX = 16


def fingerprints(folder: Path) -> Fingerprint:
    """Return a function secret → word; the same in all processes of this HOME.

    Without a disk it is the same in this process only.
    """
    try:
        key = _key(private.folder(folder) / "install.key")
    except (OSError, RefusedError):
        key = os.urandom(_BYTES)

    def fingerprint(secret: str) -> str:
        return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()[:_HEX]

    return fingerprint


def _key(path: Path) -> bytes:
    found = private.read(path)
    if found is None or len(found) != _BYTES:
        private.write(path, os.urandom(_BYTES))
        found = private.read(path)  # of whoever was last
    return found or os.urandom(_BYTES)
