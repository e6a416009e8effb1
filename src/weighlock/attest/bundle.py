"""A file of statements: one a line, plain or in a DSSE envelope with a signature.

The envelope is that of https://github.com/secure-systems-lab/dsse; its signature is
what ``ssh-keygen -Y sign`` makes, as git's own signatures are.  What was signed is
checked before it is read.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weighlock.attest import signing
from weighlock.errors import TamperedError

PAYLOAD = "application/vnd.in-toto+json"
LIMIT = 64 * 1024 * 1024
"""Bytes of a file that anybody may have written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Statements, and whose word every one of them is."""

    statements: tuple[Mapping[str, Any], ...]
    signer: signing.Signer | None
    """None when nobody was to be trusted: then nothing was checked."""


def sealed(statements: Iterable[Mapping[str, Any]], key: Path | None) -> bytes:
    """Write statements, one a line; with a key, each in a signed envelope.

    Raises:
        UsageError: The key cannot be used.
        UncheckableError: There is no ssh-keygen.
    """
    lines = [json.dumps(s, ensure_ascii=False).encode() for s in statements]
    if key is not None:
        lines = [_sealed(payload, key) for payload in lines]
    return b"".join(line + b"\n" for line in lines)


def opened(data: bytes, trust: signing.Trust | None) -> Signed:
    """Return the statements of a file.

    Args:
        data: The file.
        trust: Whose signatures count; every line needs one.  None: nobody's do.

    Raises:
        TamperedError: Not such a file, or a signature is missing, wrong or a
            stranger's.
        UncheckableError: There is no ssh-keygen.
    """
    if len(data) > LIMIT:
        raise TamperedError(f"an attestation has at most {LIMIT >> 20} MB")
    lines = [_json(line) for line in data.split(b"\n") if line.strip()]
    if not lines:
        raise TamperedError("the file holds no statement")
    found = [_opened(line, trust) for line in lines]
    signers = {signer for _, signer in found}
    if len(signers) > 1:
        raise TamperedError("its statements are signed by different keys")
    return Signed(statements=tuple(s for s, _ in found), signer=signers.pop())


def authenticated(payload: bytes) -> bytes:
    """Return what is signed: DSSE's pre-authentication encoding."""
    kind = PAYLOAD.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _sealed(payload: bytes, key: Path) -> bytes:
    signature = signing.sign(authenticated(payload), key)
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD,
        "signatures": [
            {
                "keyid": signing.fingerprint(signature),
                "sig": base64.b64encode(signature).decode(),
            }
        ],
    }
    return json.dumps(envelope).encode()


def _opened(
    line: Mapping[str, Any], trust: signing.Trust | None
) -> tuple[Mapping[str, Any], signing.Signer | None]:
    if "payload" not in line:
        if trust is not None:
            raise TamperedError(
                "it is not signed",
                hint="whoever made it can sign it: weighlock attest PHASE --key KEY",
            )
        return line, None
    if line.get("payloadType") != PAYLOAD:
        raise TamperedError(f"the envelope holds {line.get('payloadType')!r}")
    payload = _bytes(line["payload"])
    signer = None if trust is None else _signer(line, payload, trust)
    return _json(payload), signer


def _signer(
    line: Mapping[str, Any], payload: bytes, trust: signing.Trust
) -> signing.Signer:
    """Return who signed an envelope: one signature that counts is enough."""
    given = line.get("signatures")
    if not isinstance(given, list) or not given:
        raise TamperedError("the envelope has no signature")
    refused = ""
    for entry in given:
        signature = _bytes(entry.get("sig") if isinstance(entry, dict) else None)
        found = signing.check(authenticated(payload), signature, trust)
        if isinstance(found, signing.Signer):
            return found
        refused = refused or found
    raise TamperedError(
        f"no signature of it counts: {refused}",
        hint="do not rely on it; ask for one that is signed by a key you trust",
    )


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise TamperedError(f"the envelope is no base64: {error}") from error


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise TamperedError(f"it cannot be read as JSON: {error}") from error
    if not isinstance(found, dict):
        raise TamperedError("a line of an attestation is one JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: two readers would read two statements."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
