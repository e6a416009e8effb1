"""Where a command works: repository, state folder, configuration."""

from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.context import Globals
from weighlock.config import Settings, find
from weighlock.errors import RefusedError, UsageError
from weighlock.git import Git


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A repository with its configuration."""

    root: Path
    """Top of the work tree, absolute."""
    git: Git
    state: Path
    """``<git common dir>/weighlock``."""
    settings: Settings

    @property
    def evidence(self) -> Path:
        """Return the folder of the evidence blobs."""
        return self.state / "evidence"

    def head(self) -> str:
        """Return the commit id of HEAD.

        Raises:
            RefusedError: The branch has no commit yet.
        """
        found = self.git.resolve("HEAD")
        if found is None:
            raise RefusedError(
                "the branch has no commit yet, so there is nothing to compare with",
                hint="git commit --allow-empty -m 'Begin'",
                where=str(self.root),
            )
        return found

    def inside(self, path: Path) -> str | None:
        """Return a path relative to the repository, POSIX; None when outside."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return None


def site(globals_: Globals) -> Site:
    """Find the repository of a call and read its configuration.

    Raises:
        RefusedError: Not a git repository, or a bare one.
        SettingsError: The configuration is wrong.
    """
    folder = globals_.folder()
    if not folder.is_dir():
        raise UsageError(f"--repo {folder} is not a folder")
    git = Git(folder)
    top = git.call("rev-parse", "--show-toplevel")
    if top.returncode != 0:
        said = top.stderr.decode(errors="replace").strip()
        inside = "not a git repository" not in said
        raise RefusedError(
            said.splitlines()[0] if inside and said else "not a git repository",
            hint="go to the project, or give --repo DIR; for a new one: git init",
            where=str(folder.resolve()),
        )
    root = Path(top.stdout.decode(errors="surrogateescape").rstrip("\n")).resolve()
    at_root = Git(root)
    return Site(
        root=root,
        git=at_root,
        state=at_root.common_dir() / "weighlock",
        settings=find(root, globals_.config),
    )


def cache_folder() -> Path:
    """Return the folder for clones and scratch trees, outside every repository."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("weighlock", appauthor=False))
