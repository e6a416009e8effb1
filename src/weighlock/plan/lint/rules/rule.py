"""What a rule is, and how the examples it is explained with are read."""

import re
from dataclasses import dataclass
from typing import Literal

from weighlock.plan.lint.ground import Ground
from weighlock.plan.model import Plan, Severity, Source

Family = Literal[
    "structure", "coverage", "safety", "commands", "state", "pseudocode", "text"
]

_FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)
_BYTE = re.compile(rb"\\x([0-9a-f]{2})")
_FOLDER = "plans/demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of fault."""

    code: str
    severity: Severity
    family: Family
    title: str
    why: str
    cure: str
    bad: str
    """A plan that has the fault; ``--- path`` begins a file of a folder."""
    good: str
    """The same plan, mended: this rule has nothing to say of it."""
    ground: Ground | None = None
    """The repository that both stand in, for a rule that asks for one."""


def read_example(text: str) -> Plan:
    r"""Read a rule's example: one file, or several after lines ``--- path``.

    ``\xNN`` stands for a byte that is no text.
    """
    from weighlock.plan.read import read

    parts = _FILE.split(text)
    if len(parts) == 1:
        files, path, root = {"plan.md": text}, "plan.md", "."
    else:
        files = dict(zip(parts[1::2], parts[2::2], strict=True))
        path = root = _FOLDER
    sources = [Source(path=p, data=_bytes(t)) for p, t in files.items()]
    return read(sources, path=path, root=root)


def _bytes(text: str) -> bytes:
    return _BYTE.sub(lambda m: bytes([int(m[1], 16)]), text.encode())
