"""What a Workspace says on small disks mounted in the given folder; one line each."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path

from weighlock.errors import WeighlockError
from weighlock.git import Git
from weighlock.workspace import Clones, clones


async def tell(call: Awaitable[object]) -> None:
    try:
        print("nothing:", await call)  # noqa: T201
    except WeighlockError as error:
        print(f"{type(error).__name__}: {error.message}")  # noqa: T201


def close(mount: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(mount)], check=True)


async def main(place: Path) -> None:
    git = Git(place / "repo" / "project")
    git.cwd.mkdir()
    git.run("init", "-q")
    (git.cwd / "a").write_bytes(os.urandom(100_000))
    git.run("add", "-A")
    git.run("commit", "-q", "-m", "first")
    base = git.text("rev-parse", "HEAD")

    def space(branch: str, cache: str) -> Clones:
        state = git.common_dir() / "weighlock"
        cached = place / cache
        return clones(git.cwd, branch, base=base, cache=cached, state=state)

    await tell(space("weighlock/x", "small").open("01", 1, base))
    real = space("weighlock/x", "large")
    await real.tip()
    room = await real.open("01", 1, base)
    (room.path / "b").write_bytes(os.urandom(600_000))
    await tell(real.freeze(room))
    (room.path / "b").write_bytes(b"x")
    merged = await real.combine(await real.freeze(room), base)
    close(place / "repo")
    await tell(real.freeze(room))
    await tell(real.land(merged, {}, "message"))
    await tell(space("weighlock/y", "large").tip())


asyncio.run(main(Path(sys.argv[1]).resolve()))
