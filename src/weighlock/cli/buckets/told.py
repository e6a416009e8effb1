"""What happens to buckets, as a person is told of it."""

from collections.abc import Mapping

from weighlock.credentials import Notice

_TOLD: Mapping[str, str] = {
    "renewed": "bucket {n.bucket}: its token was renewed",
    "renewal-failed": "bucket {n.bucket}: its token could not be renewed ({n.code})",
    "reauth-required": "bucket {n.bucket} needs you: weighlock bucket login {n.bucket}",
    "state": "the state of the buckets is not kept: {n.code}",
    "no-keyring": "bucket {n.bucket}: no keyring that encrypts was found; its tokens "
    "lie in a file, mode 0600",
}


def told(notice: Notice) -> str:
    """Return a sentence about what happened; empty: it is no concern of a person."""
    return _TOLD.get(notice.what, "").format(n=notice)
