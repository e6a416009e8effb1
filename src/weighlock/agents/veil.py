"""Keep secrets out of what is written down."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

HIDDEN = "[hidden]"

_NAMES = re.compile(r"key|token|secret|passw|auth|credential|cookie", re.IGNORECASE)
_USERINFO = re.compile(r"://[^/@\s:]*:([^/@\s]+)@")
_SHORTEST = 6
"""Shorter values would hide ordinary words."""
_LONG = 20
"""Strings of a login file that are at least this long are taken for tokens."""


class Veil:
    """Replace known secrets in texts, as they are and as JSON writes them."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        kept = {s for s in secrets if len(s) >= _SHORTEST}
        forms = kept | {json.dumps(s)[1:-1] for s in kept}
        longest_first = sorted(forms, key=len, reverse=True)
        self._found = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def over(self, text: str) -> str:
        """Return the text with every secret replaced."""
        return self._found.sub(HIDDEN, text)


def in_env(env: Mapping[str, str]) -> Iterator[str]:
    """Yield the values that their names, or a URL's user part, give away."""
    for name, value in env.items():
        if _NAMES.search(name):
            yield value
        yield from _USERINFO.findall(value)


def in_login(path: Path) -> Iterator[str]:
    """Yield the long strings of a login file: JSON leaves, else ``NAME=value``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    try:
        yield from _leaves(json.loads(text))
    except ValueError:
        pairs = (line.partition("=")[2].strip("\"' ") for line in text.splitlines())
        yield from (value for value in pairs if len(value) >= _LONG)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str) and len(value) >= _LONG:
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
