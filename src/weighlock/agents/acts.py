"""The acts that change a workspace: the same for a play in process and over ACP."""

import shutil
from pathlib import Path

from weighlock.agents.script import Act
from weighlock.git import Git, GitError

FILE_VERBS = frozenset(("write", "append", "delete", "commit"))

_WHO = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "Scripted Agent"), ("EMAIL", "agent@invalid"))
}


def change(act: Act, root: Path) -> str:
    """Do one of the file verbs under ``root``; return what was done, in a few words.

    Paths are taken as they come, out of the workspace too: a script may play an agent
    that does so.
    """
    if act.verb == "commit":
        return _commit(act.what, root)
    path = root / act.what
    if act.verb == "delete":
        _delete(path)
        return f"Delete {act.what}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if act.verb == "append" else "w", encoding="utf-8") as file:
        file.write(act.text)
    return f"{act.verb.capitalize()} {act.what}"


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _commit(message: str, root: Path) -> str:
    git = Git(root, env=_WHO)
    try:
        git.run("add", "--all")
        git.run("commit", "--quiet", "--allow-empty", "-m", message or "work")
    except GitError as error:
        return f"Commit failed: {error}"
    return f"Commit {message}"
