"""Carry a verdict to whoever was not there: in-toto statements, signed or not.

A statement binds a verdict to a git commit and tree.  A signature says whose word it
is; without one it is a note that anybody could have written.
"""

from weighlock.attest.bundle import Signed, opened, sealed
from weighlock.attest.signing import Signer, Trust
from weighlock.attest.statement import Weighed, read, statements

__all__ = [
    "Signed",
    "Signer",
    "Trust",
    "Weighed",
    "opened",
    "read",
    "sealed",
    "statements",
]
