"""Fence this process in by Landlock, then become another program.

Run as a file by an isolated Python: it must need nothing but the standard library.
Numbers and bits are the kernel's (include/uapi/linux/landlock.h).
"""

import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
import struct
import sys
from contextlib import suppress

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_BENEATH = 1
_NO_NEW_PRIVS, _PDEATHSIG = 38, 1
_NEWUSER, _NEWNET = 0x10000000, 0x40000000
_UP = (0x8913, 0x8914, 0x1)
"""Get and set an interface's flags; the flag that it is up."""

_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_SEEN = _EXECUTE | _READ | _LIST
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_FILE = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Version → how many rights it knows; from 5 on sixteen."""

_SCOPES = 3
"""Abstract sockets and signals stay inside (version 6)."""


def version(libc: ctypes.CDLL) -> int:
    """Return the kernel's version of Landlock; 0 or less when there is none."""
    return int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION))


def main() -> None:
    """Read what may be seen and changed, build the fence, and run the program."""
    spec = json.loads(sys.argv[1])
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if not spec["network"]:
        with suppress(OSError):
            _alone(libc)
    _fence(libc, spec["read"], spec["write"])
    os.chdir(spec["cwd"])
    try:
        os.execvpe(sys.argv[2], sys.argv[2:], os.environ)  # noqa: S606 - its purpose
    except OSError as error:
        sys.stderr.write(f"{sys.argv[2]}: {error.strerror}\n")
        sys.exit(127 if error.errno == errno.ENOENT else 126)


def _alone(libc: ctypes.CDLL) -> None:
    """Leave the network; keep a loopback."""
    user, group = os.getuid(), os.getgid()
    _must(libc.unshare(_NEWUSER | _NEWNET))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123 - starts sooner
            file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        ask = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, _UP[0], ask))[1]
        fcntl.ioctl(any_socket, _UP[1], struct.pack("16sh14x", b"lo", flags | _UP[2]))


def _fence(libc: ctypes.CDLL, read: list[str], write: list[str]) -> None:
    abi = version(libc)
    every = (1 << _BITS.get(abi, 16)) - 1
    rules = struct.pack("QQQ", every, 0, _SCOPES if abi >= 6 else 0)[: _size(abi)]  # noqa: PLR2004 - see _SCOPES
    fence = _must(libc.syscall(_CREATE, rules, ctypes.c_size_t(len(rules)), 0))
    for places, rights in ((read, _SEEN & every), (write, every)):
        for place in places:
            _allow(libc, fence, place, rights)
    _must(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0))
    _must(libc.syscall(_RESTRICT, fence, 0))
    os.close(fence)


def _size(abi: int) -> int:
    """Return how long the rules' structure is in a version."""
    return 8 if abi < 4 else 16 if abi < 6 else 24  # noqa: PLR2004 - versions


def _allow(libc: ctypes.CDLL, fence: int, place: str, rights: int) -> None:
    try:
        found = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(place):  # noqa: PTH112 - starts sooner
            rights &= _FILE
        rule = struct.pack("=Qi", rights, found)
        _must(libc.syscall(_ADD, fence, _BENEATH, rule, 0))
    finally:
        os.close(found)


def _must(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


if __name__ == "__main__":
    main()
