"""What an agent can see: its workspace, its home, its own program, the tools."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from weighlock.config import AgentSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.ports import Order
from weighlock.sandbox import Walls, confined
from weighlock.sandbox.toolchain import broad, root


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """The walls around the processes of one agent; the network stays open."""

    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    hides: tuple[Path, ...] = ()
    """Our state and the oracle, wherever they lie."""

    def of(self, settings: AgentSettings) -> "Confinement":
        """Return the walls of one agent, which may have a wish of its own."""
        if settings.sandbox is None:
            return self
        return replace(self, sandbox=replace(self.sandbox, use=settings.sandbox))

    def around(
        self,
        argv: Sequence[str],
        order: Order,
        env: Mapping[str, str],
        logins: Sequence[Path] = (),
    ) -> list[str]:
        """Return the command that runs an agent's program inside its walls.

        Args:
            argv: Program and arguments; files named in them are shown, with what lies
                beside them.
            order: Names the workspace and the home.
            env: The whole environment.
            logins: A person's own login files, which the agent may renew.

        Raises:
            FileNotFoundError: There is no such program.
            UncheckableError: The sandbox that is asked for does not work here.
        """
        argv = (_found(argv[0], env), *argv[1:])
        room = order.room
        read = room.reads if room.writable else (room.path, *room.reads)
        write = (room.path, order.home) if room.writable else (order.home,)
        walls = Walls(
            read=(*read, *_named(argv), *map(Path, self.sandbox.read)),
            write=(*write, *logins, *map(Path, self.sandbox.write)),
            hide=self.hides,
            network=True,
        )
        use = self.sandbox.use
        return confined(argv, walls, cwd=order.room.path, env=env, use=use)


def _found(program: str, env: Mapping[str, str]) -> str:
    """Name a program by its place: inside the walls its lack would be an exit code."""
    found = shutil.which(program, path=env.get("PATH"))
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)
    return found


def _named(argv: Sequence[str]) -> Iterator[Path]:
    """Return where the program lies, and each file or folder among its arguments."""
    program = Path(argv[0])
    for place in (program, program.resolve()):
        yield from (p for p in root(place) if not broad(p))
    for word in argv:
        place = Path(word)
        if place.is_absolute() and os.path.lexists(place):
            folder = place if place.is_dir() else place.parent
            yield place if broad(folder) else folder
