"""Any program as an agent: prompt on stdin, workspace as its folder."""

import asyncio
import codecs
import contextlib
import shutil
from asyncio.subprocess import Process
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from weighlock.agents.child import (
    Expired,
    Vigil,
    child,
    environment,
    furnish,
    how_it_ended,
    read_to_exit,
)
from weighlock.agents.confinement import Confinement
from weighlock.agents.log import Log, short
from weighlock.agents.veil import Veil, in_env
from weighlock.ports import Order, Outcome, Watch
from weighlock.run.events import Ending

LAST_LINES = 40
"""Lines of output that count as the program's last words."""

LINE_LIMIT = 64 * 1024
"""Characters after which output without a line's end counts as a line."""

INTERPRETERS = frozenset(
    ("python", "python3", "node", "bash", "sh", "zsh", "ruby", "perl", "deno", "bun")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAgent:
    """Run a program once per conversation; its output is its log and its claim."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    effort: str | None = None
    walls: Confinement = field(default_factory=Confinement)

    def available(self) -> str | None:
        """Return why the program cannot be started, or None."""
        program = self.command[0]
        if shutil.which(program):
            return None
        return f"{program} is not on PATH or may not be executed"

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Run the program to its end, its deadline or its silence."""
        with Log(order.log, hide=Veil(in_env(self.env)).over) as log:
            log.line("start", f"{self.name}: {' '.join(self.command)}")
            outcome = await self._run(order, watch, log)
            log.line("end", f"{outcome.ending}: {outcome.detail}")
        return outcome

    async def _run(self, order: Order, watch: Watch, log: Log) -> Outcome:
        env = environment(order, {**self._wishes(), **self.env})
        env["WEIGHLOCK_PROMPT_FILE"] = str(furnish(order))
        vigil = Vigil(deadline_s=order.deadline_s, idle_s=order.idle_s)
        talk = _Talk(log, watch, vigil)
        try:
            async with child(
                self.command,
                order=order,
                watch=watch,
                env=env,
                walls=self.walls,
                merged=True,
            ) as proc:
                over = await vigil.over(_converse(proc, order.prompt, talk))
        except (OSError, ValueError) as error:
            return Outcome(ending="unavailable", detail=str(error))
        said = talk.words()
        if isinstance(over, Expired):
            return Outcome(ending=over.ending, detail=over.detail, said=said)
        ending: Ending = "ended" if proc.returncode == 0 else "crashed"
        return Outcome(ending=ending, detail=how_it_ended(proc.returncode), said=said)

    def _wishes(self) -> dict[str, str]:
        """Name the configured model and effort; an order's own come after these."""
        wishes = {"WEIGHLOCK_MODEL": self.model, "WEIGHLOCK_EFFORT": self.effort}
        return {name: value for name, value in wishes.items() if value}


def anchored(command: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Make a program, or an interpreter's script, that lies beside the file absolute.

    The workspace may hold a file of the same name that an agent wrote; the one that
    the configuration means is the one beside it.
    """
    parts = list(command)
    place = 1 if Path(parts[0]).name in INTERPRETERS and len(parts) > 1 else 0
    found = folder / parts[place]
    if not Path(parts[place]).is_absolute() and found.is_file():
        parts[place] = str(found.resolve())
    return tuple(parts)


class _Talk:
    """Take a program's output line by line: into the log, and as signs of life."""

    def __init__(self, log: Log, watch: Watch, vigil: Vigil) -> None:
        self._log, self._watch, self._vigil = log, watch, vigil
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._last: deque[str] = deque(maxlen=LAST_LINES)

    def take(self, data: bytes, *, final: bool = False) -> None:
        """Take the next bytes of output."""
        self._vigil.stir()
        *lines, self._rest = (self._rest + self._decoder.decode(data, final)).split(
            "\n"
        )
        if final or len(self._rest) > LINE_LIMIT:
            lines += [self._rest] if self._rest else []
            self._rest = ""
        for line in lines:
            self._log.line("out", line)
            self._last.append(line)
        told = next((line for line in reversed(lines) if line.strip()), None)
        if told is not None:
            self._watch.activity(short(told))

    def words(self) -> str:
        """Return the last lines: what the program claims."""
        return "\n".join(self._last).strip()


async def _converse(proc: Process, prompt: str, talk: _Talk) -> None:
    async with asyncio.TaskGroup() as group:
        telling = group.create_task(_tell(proc, prompt))
        await read_to_exit(proc, talk.take)
        telling.cancel()
    talk.take(b"", final=True)


async def _tell(proc: Process, prompt: str) -> None:
    if proc.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        proc.stdin.write(prompt.encode())
        await proc.stdin.drain()
    proc.stdin.close()
