"""Take known secrets out of whatever leaves: by value, in every form they may take."""

import base64
import json
import re
from html import escape
from urllib.parse import quote, quote_plus

MASK = b"[redacted]"
_SHORTEST = 8
"""Characters; something shorter is no secret and would mangle ordinary text."""


class Redactor:
    """The secrets that were used, and what they look like in text."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._forms: tuple[bytes, ...] = ()

    def learn(self, secret: str) -> None:
        """Hide a secret from now on."""
        if secret not in self._known and len(secret) >= _SHORTEST:
            self._known.add(secret)
            self._forms = tuple(sorted({*self._forms, *_forms(secret)}, key=_longest))

    def clean(self, data: bytes) -> bytes:
        """Return the data with every known secret masked."""
        for form in self._forms:
            data = data.replace(form, MASK)
        return data

    def text(self, text: str) -> str:
        """Return a text with every known secret masked."""
        return self.clean(text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _longest(form: bytes) -> tuple[int, bytes]:
    return -len(form), form


def _forms(secret: str) -> set[bytes]:
    """Return a secret as it stands in text, JSON, URLs and Base64 at any offset."""
    raw = secret.encode()
    inside = json.dumps(secret)[1:-1]
    urls = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    lower = {re.sub("%..", lambda two: two[0].lower(), url) for url in urls}
    texts = {secret, inside, inside.replace("/", "\\/"), escape(secret), *urls, *lower}
    forms = {text.encode() for text in texts}
    for shift in range(3):
        padded = base64.b64encode(b"\0" * shift + raw)
        first = (shift * 8 + 5) // 6  # the first character that is the secret's alone
        whole = padded[first : (shift + len(raw)) * 8 // 6]
        forms |= {whole, whole.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in forms if len(form) >= _SHORTEST}
