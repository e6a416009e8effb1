"""Where new plans go."""

from pathlib import Path

from weighlock.cli.context import Globals
from weighlock.cli.writing.asked import DEFAULT
from weighlock.errors import RefusedError


def folder_of(globals_: Globals, into: Path | None) -> Path:
    """Return the folder of plans: as given, else that of the repository, else here."""
    from weighlock.cli.site import site

    if into is not None:
        return into
    try:
        root = site(globals_).root
    except RefusedError:
        return globals_.folder() / DEFAULT
    try:
        return (root / DEFAULT).relative_to(Path.cwd())
    except ValueError:
        return root / DEFAULT
