"""Bytes → text: any bytes give text, and mangled glyphs are put right.

Plans are copied through editors and chat windows that read UTF-8 as an older
character set ("‚úÖ" for "✅").  The damage is undone where it is certain: the
mangled run, written back in that character set, must be valid UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CHARSETS = ("mac_roman", "cp1252", "cp1254")
_EMOJI = 0x9F
_TIMES = 3
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_TELLTALE = re.compile(
    "[\u201a\u00ac\uf8ff\u221a\u00c3\u00c2][^\x00-\x7f]|\u00e2[^\x00-\x7f]|[\u00f0\u011f]\u0178"
)
# In cp1252 and cp1254 a few bytes have no character; editors keep them as C1 controls.
_UNASSIGNED = {chr(code): bytes([code]) for code in range(0x80, 0xA0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    r"""A file's text with ``\\n`` line ends, and what was done to read it."""

    lines: tuple[str, ...]
    repaired: str | None = None
    """The character set whose damage was undone."""
    replaced: int = 0
    """How many bytes were no text in any way and became U+FFFD."""


def decode(data: bytes) -> Text:
    """Return the text of a file; never fails."""
    text, replaced = _characters(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    repaired = None
    if not text.isascii() and _TELLTALE.search(text):
        text, repaired = _unmangle(text)
    return Text(lines=tuple(text.split("\n")), repaired=repaired, replaced=replaced)


def mangled(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield where UTF-8 bytes are mangled glyphs, and what they were meant to be.

    Start, end and the right bytes; nothing of a file that is not UTF-8 throughout.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    repairs = _repairs(text)[0] if _TELLTALE.search(text) else {}
    at, last = len(data) - len(text.encode()), 0
    for run in _RUN.finditer(text) if repairs else ():
        at, last = at + len(text[last : run.start()].encode()), run.start()
        if run[0] in repairs:
            yield at, at + len(run[0].encode()), repairs[run[0]].encode()


def binary(data: bytes) -> bool:
    """Say whether these bytes are no text: a NUL outside UTF-16."""
    return b"\0" in data[:8192] and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}


def _characters(data: bytes) -> tuple[str, int]:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", errors="replace")
        return text, text.count("\ufffd")
    try:
        return data.decode("utf-8"), 0
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
        return text, text.count("\ufffd")


def _unmangle(text: str) -> tuple[str, str | None]:
    """Undo the damage of the character set that explains most of the runs."""
    repairs, best = _repairs(text)
    if not repairs:
        return text, None
    return _RUN.sub(lambda m: repairs.get(m[0], m[0]), text), best


def _repairs(text: str) -> tuple[dict[str, str], str]:
    """Return what each mangled run was, by the character set that explains most."""
    runs = set(_RUN.findall(text))
    found: dict[str, dict[str, str]] = {
        charset: {run: right for run in runs if (right := _undo(run, charset))}
        for charset in _CHARSETS
    }
    best = max(_CHARSETS, key=lambda charset: len(found[charset]))
    return found[best], best


def _undo(run: str, charset: str) -> str | None:
    """Return what a mangled run was, or None when it was not mangled this way.

    A text that went through two such editors is mangled twice, and undone twice.
    """
    right = None
    for _ in range(_TIMES):
        once = _undone(run, charset)
        if once is None:
            break
        right = run = once
        if not (_RUN.fullmatch(run) and _TELLTALE.search(run)):
            break
    return right


def _undone(run: str, charset: str) -> str | None:
    try:
        raw = _bytes_of(run, charset)
        # The first byte of an emoji is a private-use character in Mac-Roman, which
        # chat windows drop; what is left then starts with a continuation byte.
        return (b"\xf0" + raw if raw[0] == _EMOJI else raw).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def _bytes_of(run: str, charset: str) -> bytes:
    try:
        return run.encode(charset)
    except UnicodeEncodeError:
        return b"".join(_UNASSIGNED.get(c) or c.encode(charset) for c in run)
