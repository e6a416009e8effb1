"""``weighlock init``: write a configuration to start from."""

import click

from weighlock.cli.context import Globals, verb

TEMPLATE = """\
# What weighlock uses when nothing is said here is shown behind each key.
# All keys: docs/reference/configuration.md

# agent = "claude"          # default: the first agent found on PATH
# jobs = 2                  # phases at once
# attempts = 3              # per phase, remediation included
# split = "deliverable"     # a session each; "phase": one session for the whole phase

# [roles]                   # owner named in the plan -> agent
# "Rust Developer" = "claude"

[gate]
# setup = ["npm ci"]        # makes a clean checkout testable
# test = "pytest -q"        # default: detected from the project's files
# protect = ["golden/**"]   # nobody may change these

[limits]
# phase_minutes = 120
# idle_minutes = 15
"""


@verb()
@click.option("--remove", is_flag=True, help="Remove the file, if it is unchanged.")
def init(globals_: Globals, *, remove: bool) -> int:
    """Write weighlock.toml with every default as a comment."""
    from weighlock.cli.site import site
    from weighlock.config import FILE
    from weighlock.errors import NothingToDo, RefusedError

    path = site(globals_).root / FILE
    if remove:
        if not path.is_file():
            raise NothingToDo(f"there is no {FILE}")
        if path.read_text(encoding="utf-8") != TEMPLATE:
            raise RefusedError(f"{FILE} was edited", hint=f"remove it yourself: {path}")
        path.unlink()
        globals_.say(f"removed {FILE}")
        return 0
    if path.exists():
        raise RefusedError(f"{FILE} exists", hint="it is left as it is")
    path.write_text(TEMPLATE, encoding="utf-8")
    globals_.say(f"wrote {FILE}; commit it when you like it")
    return 0
