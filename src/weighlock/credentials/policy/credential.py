"""A credential: a secret that shows itself to nobody but an upstream."""

from dataclasses import dataclass
from typing import NoReturn

from weighlock.credentials.policy.words import Detail, Kind, Reason, Wire

_KEY_HEADERS: dict[Wire, str] = {
    "anthropic": "x-api-key",
    "gemini": "x-goog-api-key",
}
"""Where a vendor wants an API key; everywhere else it is a bearer token."""


class Secret:
    """A text that is never printed, logged or pickled by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text; for the header that goes upstream, and a redactor."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied into a file.

        Raises:
            TypeError: Always.
        """
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What proves to an upstream who asks, as of one moment."""

    secret: Secret
    kind: Kind
    version: str
    """Fingerprint of the secret; another one means that somebody renewed it."""
    obtained_at: float | None = None
    """Seconds since the epoch; only for OAuth."""
    expires_at: float | None = None

    def headers(self, wire: Wire) -> dict[str, str]:
        """Return the headers that carry it; names in lower case."""
        text = self.secret.reveal()
        if self.kind == "api-key" and wire in _KEY_HEADERS:
            return {_KEY_HEADERS[wire]: text}
        return {"authorization": f"Bearer {text}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why there is no credential to be had now."""

    reason: Reason
    detail: Detail
    permanent: bool = False
    """Only a person can help: the grant is revoked, nobody ever logged in."""
