"""The Python of a small project: pytest and what it needs, and nothing else.

A suite costs what is installed beside it: each plugin of ours would be loaded by every
run of every suite, and be charged to whoever runs it more than once.
"""

import atexit
import importlib.metadata
import shutil
import tempfile
import threading
import venv
from pathlib import Path

_NEEDED = ("pytest", "iniconfig", "packaging", "pluggy", "pygments")
_once = threading.Lock()
_made: list[Path] = []


def programs() -> Path:
    """Return its folder of programs; made at the first call, gone when we are."""
    with _once:
        if not _made:
            _made.append(_make(Path(tempfile.mkdtemp(prefix="truth-python-"))))
        return _made[0]


def _make(home: Path) -> Path:
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    venv.create(home, symlinks=True)
    site = next(home.glob("lib/python*/site-packages"))
    for name in _NEEDED:
        known = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in known.files or ()} - {".."}:
            (site / top).symlink_to(Path(str(known.locate_file(top))))
    return home / "bin"
