"""Mend what is certain: by bytes, each file whole or not at all."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.linting.look import Looked
from weighlock.cli.writing.replace import replace_file
from weighlock.errors import RefusedError
from weighlock.plan.lint.fixes import FIXABLE, apply, fixes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One file of a plan as it is and as it would be."""

    path: Path
    old: bytes
    new: bytes


def mended(plans: Sequence[Looked]) -> Iterator[Mended]:
    """Yield the files in which something can be cured for certain."""
    for one in plans:
        edits = fixes(one.plan, one.problems)
        data = {source.path: source.data for source in one.plan.sources}
        for file in dict.fromkeys(edit.file for edit in edits):
            new = apply(data[file], tuple(e for e in edits if e.file == file))
            yield Mended(path=Path(one.plan.root, file), old=data[file], new=new)


def fixable(plans: Sequence[Looked]) -> int:
    """Count the problems that have a certain cure."""
    return sum(
        bool(fixes(one.plan, (problem,)))
        for one in plans
        for problem in one.problems
        if problem.code in FIXABLE
    )


def write(files: Sequence[Mended]) -> None:
    """Write mended files.

    Raises:
        RefusedError: A file cannot be written, or changed while it was looked at.
    """
    for file in files:
        if file.path.read_bytes() != file.old:
            raise RefusedError(
                "changed while it was looked at",
                hint="nothing was written there; run lint --fix again",
                where=file.path.as_posix(),
            )
        replace_file(file.path, file.new)


def diff(files: Sequence[Mended]) -> bytes:
    """Return what writing would change, as a diff that ``git apply`` takes."""
    return b"".join(line for file in files for line in _diff(file))


def _diff(file: Mended) -> Iterator[bytes]:
    name = file.path.as_posix().encode("utf-8", "surrogateescape")
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(file.old),
        _lines(file.new),
        b"a/" + name,
        b"b/" + name,
    )
    for line in lines:
        yield line if line.endswith(b"\n") else line + _UNENDED


_UNENDED = b"\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[bytes]:
    """Part a file at newlines alone, as git does."""
    return [part for part in re.split(rb"(?<=\n)", data) if part]
