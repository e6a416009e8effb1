"""Choose the walls that this machine can build, and put a program behind them."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

from weighlock.errors import UncheckableError
from weighlock.sandbox import bubblewrap, fence
from weighlock.sandbox.toolchain import HOMES, logins, toolchains
from weighlock.sandbox.walls import Walls

Kind = Literal["bubblewrap", "landlock", "none"]
"""What a program ran in; recorded in every verdict."""


_BEST_FIRST: dict[Kind, Callable[[], bool]] = {
    "bubblewrap": bubblewrap.works,
    "landlock": fence.works,
    "none": lambda: True,
}


@cache
def kind(use: str = "auto") -> Kind:
    """Return what programs run in on this machine.

    Raises:
        UncheckableError: The configuration insists on what does not work here.
    """
    for name, works in _BEST_FIRST.items():
        if use in {name, "auto"} and works():
            return name
    raise UncheckableError(
        f"the sandbox {use} does not work on this machine",
        hint='apt install bubblewrap, or [sandbox] use = "auto"',
    )


def confined(
    argv: Sequence[str],
    walls: Walls,
    *,
    cwd: Path,
    env: Mapping[str, str],
    use: str = "auto",
) -> list[str]:
    """Return the command that runs a program inside the walls.

    Args:
        argv: Program, as an absolute path, and arguments.
        walls: What it may see and change, beside the tools on its PATH.
        cwd: Where it starts.
        env: Its whole environment.
        use: ``sandbox.use`` of the configuration.
    """
    how = kind(use)
    if how == "none":
        return list(argv)
    homes = tuple(env[name] for name in HOMES if name in env)
    tools = toolchains(env.get("PATH", os.defpath), homes)
    walls = replace(walls, hide=(*walls.hide, *logins(tools)))
    build = bubblewrap.words if how == "bubblewrap" else fence.words
    return build(argv, walls, tools, cwd)
