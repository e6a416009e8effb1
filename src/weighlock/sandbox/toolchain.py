"""Where this machine keeps its tools: what everybody inside the walls may read.

Found from PATH: a program in ``X/bin`` belongs to what is installed in ``X``, and a
link on PATH leads to where its program is really installed.
"""

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from weighlock.sandbox.walls import outermost

SYSTEM = tuple(
    Path(name)
    for name in (
        *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
        *("/etc", "/opt", "/nix", "/snap", "/sys", "/var/lib/snapd"),
    )
)
SECRET = tuple(
    Path("/etc", name)
    for name in ("shadow", "shadow-", "gshadow", "gshadow-", "sudoers", "ssl/private")
)
"""What root alone may read; weighlock may be run by root."""

HOMES = ("CARGO_HOME", "RUSTUP_HOME", "PYENV_ROOT", "GOPATH", "GRADLE_USER_HOME")
"""Variables that name where a tool chain lies."""

_LOGINS = ("credentials", "credentials.toml", "gradle.properties")
"""Files beside a tool chain that hold its user's passwords."""

_OURS = Path(__file__).parents[1]
"""This package, wherever it is imported from: parts of it run inside."""

_BINS = frozenset({"bin", "sbin", "libexec"})


@lru_cache(maxsize=16)
def toolchains(path: str, homes: tuple[str, ...] = ()) -> tuple[Path, ...]:
    """Return the folders that hold the programs of a PATH, outside ``SYSTEM``.

    Args:
        path: Value of PATH.
        homes: Values of the variables of ``HOMES`` that are set.
    """
    found = {Path(sys.prefix), Path(sys.base_prefix), _OURS, *map(Path, homes)}
    for name in path.split(os.pathsep):
        folder = Path(name)
        if folder.is_absolute() and folder.is_dir():
            found |= _installed(folder)
    mine = (p for p in found if p.is_absolute() and p.exists() and not broad(p))
    return tuple(p for p in outermost(mine) if not _system(p))


def logins(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the passwords that lie beside tool chains: to be hidden."""
    return tuple(p / name for p in places for name in _LOGINS if (p / name).is_file())


@lru_cache(maxsize=256)
def _installed(folder: Path) -> frozenset[Path]:
    """Return what must be seen for the programs of a folder; PATHs share most of it."""
    links = () if _system(folder) else filter(Path.is_symlink, folder.iterdir())
    programs = (folder / "program", *(link.resolve() for link in links))
    return frozenset({folder, *(place for p in programs for place in root(p))})


def root(program: Path) -> Iterator[Path]:
    """Return what must be seen for a program to start: what it was installed with."""
    parts = program.parts
    if "node_modules" in parts:
        yield Path(*parts[: parts.index("node_modules") + 1])
    folder = program.parent
    above = folder.parent
    if folder.name not in _BINS or broad(above):
        yield folder
        yield above / "lib"
    else:
        yield above


def broad(place: Path) -> bool:
    """Say whether a folder holds more than tools: a home, or what is above one."""
    home = Path.home()
    return home.is_relative_to(place) or place in {home / ".local", home / ".config"}


def _system(place: Path) -> bool:
    return any(place.is_relative_to(known) for known in SYSTEM)
