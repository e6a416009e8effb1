"""What changed, as a reviewer reads it: as it is, and without a word of comment."""

import ast
from collections.abc import Callable
from pathlib import Path

from weighlock.checks.subject import Snapshot, Subject
from weighlock.git import Git
from weighlock.syntax.lexical import uncommented
from weighlock.syntax.python import parse
from weighlock.tree import Change

LARGE = 512 * 1024
"""Bytes of a file that a reviewer is shown; of a larger one, its name."""

Form = Callable[[str, str], str]
"""(path, text) → the text to compare."""


def plain(path: str, text: str) -> str:
    """Return a text as it is."""
    del path
    return text


def bare(path: str, text: str) -> str:
    """Return a text without comments and docstrings, every line where it was.

    Who writes to the reviewer in a comment does not write here.
    """
    if path.endswith((".py", ".pyi")):
        text = _without_docstrings(text)
    return uncommented(path, text)


def diff(subject: Subject, form: Form, folder: Path) -> str:
    """Compare base with what was delivered, in some form of every file.

    Args:
        subject: What was delivered.
        form: ``plain`` or ``bare``.
        folder: An empty one of ours; git compares two trees in it and reads no
            attributes, so that nothing delivered decides what is shown.
    """
    unshown: list[str] = []
    for name, side in (("old", subject.old), ("new", subject.new)):
        (folder / name).mkdir()
        kept = (c for c in subject.changes if not _put(folder / name, side, c, form))
        unshown += [change.path for change in kept]
    found = Git(folder).run(
        *("diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv"),
        *("--text", "--unified=6", "--src-prefix=", "--dst-prefix=", "old", "new"),
        codes=(0, 1),
    )
    left = "".join(f"not shown, binary or large: {p}\n" for p in sorted(set(unshown)))
    return found.decode(errors="replace") + left


def _put(root: Path, side: Snapshot, change: Change, form: Form) -> bool:
    """Write one side of a change; say whether it is a text of a size to read."""
    data = side.read(change.path)
    if data is None:
        return True
    if len(data) > LARGE or b"\0" in data:
        return False
    target = root / change.path
    target.parent.mkdir(parents=True, exist_ok=True)
    text = form(change.path, data.decode(errors="replace"))
    target.write_text(text, encoding="utf-8", newline="")
    return True


def _without_docstrings(text: str) -> str:
    """Blank the lines that hold a docstring and nothing else."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    tree = parse(text)
    if isinstance(tree, str):
        return text
    lines = [line.encode(errors="replace") for line in text.split("\n")]
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            _blank(lines, node.body[0])
    return b"\n".join(lines).decode(errors="replace")


def _blank(lines: list[bytes], said: ast.stmt) -> None:
    first, last = said.lineno - 1, (said.end_lineno or said.lineno) - 1
    before = lines[first][: said.col_offset]
    after = lines[last][said.end_col_offset or 0 :]
    if not (before + after).strip():
        lines[first : last + 1] = [b""] * (last + 1 - first)
