"""Signatures by a local key, with ``ssh-keygen -Y`` as git makes them.

Nothing new has to be trusted or installed where git can sign: keys in files, in
ssh-agent or on a token work, and an ``allowed_signers`` file says who counts.
https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.sshsig
"""

import base64
import binascii
import hashlib
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from weighlock.errors import TamperedError, UncheckableError, UsageError

NAMESPACE = "weighlock"
"""A signature made for git, for a file or for a login is none of a verdict."""

_CHECK_S = 30.0
_MAGIC = b"SSHSIG"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_NOBODY = "key"
"""Under which name a key is known that was given without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whose signatures count: one public key, or a file of people and keys."""

    key: Path | None = None
    signers: Path | None = None
    """In the form of ssh's ``allowed_signers``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose key signed."""

    key: str
    """Fingerprint, ``SHA256:…``."""
    name: str = ""
    """As the file of signers has it; empty when only a key was given."""


def sign(data: bytes, key: Path) -> bytes:
    """Return a signature of bytes by a private key, or by a public key's agent.

    A passphrase is asked for by ssh-keygen itself, on the terminal.

    Raises:
        UsageError: The key cannot be used.
        UncheckableError: There is no ssh-keygen.
    """
    if not key.is_file():
        raise UsageError("there is no such key", where=str(key))
    done = _call("sign", "-f", str(key), "-n", NAMESPACE, data=data)
    if done.returncode != 0:
        raise UsageError(
            f"the key cannot sign: {_last(done.stderr)}",
            hint="a key of ssh: ssh-keygen -t ed25519 -f KEY",
            where=str(key),
        )
    return _unarmored(done.stdout)


def check(data: bytes, signature: bytes, trust: Trust) -> Signer | str:
    """Return who signed the bytes, or why that does not count.

    Raises:
        UsageError: The key or the file of signers cannot be read.
        UncheckableError: There is no ssh-keygen.
        TamperedError: What should be a signature is none.
    """
    used = fingerprint(signature)
    with tempfile.TemporaryDirectory(prefix="weighlock-") as folder:
        place = Path(folder)
        allowed, sealed = place / "allowed", place / "signature"
        allowed.write_text(_allowed(trust), encoding="utf-8")
        sealed.write_text(_armored(signature), encoding="ascii")
        files = ("-f", str(allowed), "-s", str(sealed))
        known = _call("find-principals", *files, data=b"")
        names = known.stdout.decode(errors="replace").split("\n")
        if known.returncode != 0:
            return f"nobody that is trusted has the key {used}"
        for name in filter(None, names):
            done = _call("verify", *files, "-I", name, "-n", NAMESPACE, data=data)
            if done.returncode == 0:
                return Signer(key=used, name="" if trust.key else name)
    return f"what was signed by {used} is not what stands there now"


def fingerprint(signature: bytes) -> str:
    """Return the fingerprint of the key in a signature, as ssh writes it.

    Raises:
        TamperedError: It is no signature of ssh.
    """
    head = len(_MAGIC) + 4
    size = int.from_bytes(signature[head : head + 4], "big")
    key = signature[head + 4 : head + 4 + size]
    if not signature.startswith(_MAGIC) or len(key) != size or not key:
        raise TamperedError("what should be a signature is none of ssh's")
    shown = base64.b64encode(hashlib.sha256(key).digest()).decode()
    return f"SHA256:{shown.rstrip('=')}"


def _allowed(trust: Trust) -> str:
    """Return who counts, in ssh's own form."""
    path = trust.key or trust.signers or Path()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot be read: {error}", where=str(path)) from error
    if trust.key is None:
        return text
    found = re.match(r"((?:ssh|ecdsa|sk)-\S+)[ \t]+(\S+)", text)
    if found is None:
        raise UsageError(
            "this is no public key of ssh",
            hint="the file that ends in .pub: ssh-ed25519 AAAA…",
            where=str(path),
        )
    return f"{_NOBODY} {found[1]} {found[2]}\n"


def _armored(signature: bytes) -> str:
    text = base64.b64encode(signature).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END]) + "\n"


def _unarmored(text: bytes) -> bytes:
    body = text.decode("ascii", "replace").replace(_BEGIN, "").replace(_END, "")
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UncheckableError(f"ssh-keygen gave no signature: {error}") from error


def _call(verb: str, *args: str, data: bytes) -> subprocess.CompletedProcess[bytes]:
    """Call ssh-keygen as the person would: its agent, its terminal, its own home."""
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", verb, *args],
            input=data,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
            timeout=None if verb == "sign" else _CHECK_S,
        )
    except FileNotFoundError as error:
        raise UncheckableError(
            "ssh-keygen is not on PATH, and signatures are its work",
            hint="install OpenSSH 8.2 or newer",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UncheckableError(f"ssh-keygen took more than {_CHECK_S:g} s") from error


def _last(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "ssh-keygen does not say why"
