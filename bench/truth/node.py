"""The packages of a repository in TypeScript: installed once, lent to every room."""

import atexit
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from bench.truth.cases import REPOS, Repository

_LIMIT_S = 180
_once = threading.Lock()
_made: dict[str, Path | None] = {}


def packages(repo: Repository) -> Path | None:
    """Return the folder of what a repository asks for; None when it is out of reach.

    It is made at the first call, and gone when we are.
    """
    with _once:
        if repo.name not in _made:
            _made[repo.name] = _install(repo)
        return _made[repo.name]


def _install(repo: Repository) -> Path | None:
    home = Path(tempfile.mkdtemp(prefix="truth-node-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    first = REPOS / repo.name / repo.stages[0]
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(first / name, home / name)
    for line in repo.setup:
        try:
            done = subprocess.run(
                ["sh", "-c", line],
                cwd=home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            return None
    return home / "node_modules"
