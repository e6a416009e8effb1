"""Tell a file that base's tests read and its product does not: what they compare with.

Such files often lie beside the tests, in ``examples/`` or ``cases/``; whoever may
change them may change what is asserted.
"""

import re
from pathlib import PurePosixPath

from weighlock.checks.reading import paths
from weighlock.checks.subject import Snapshot, Subject
from weighlock.syntax.language import language

_QUOTED = re.compile(r"[\"'`]([^\"'`\n]{1,200})[\"'`]")


def is_read_by_tests(subject: Subject, path: str) -> bool:
    """Say whether a file of base is named by its tests, and by nothing else that runs.

    A name is a literal that holds the file's own name, or its folder and its ending.
    """
    old = subject.old
    if path not in old.paths or language(path) is not None:
        return False
    if paths.role(path) != "product":
        return False
    programs = [p for p in old.paths if language(p) is not None]
    tests = [p for p in programs if paths.role(p) in {"test", "harness"}]
    old.fetch(tests)
    if not any(_names(old, p, path) for p in tests):
        return False
    old.fetch(programs)
    return not any(_names(old, p, path) for p in programs if p not in tests)


def _names(files: Snapshot, program: str, path: str) -> bool:
    pure = PurePosixPath(path)
    words = {
        part for text in _QUOTED.findall(files.text(program)) for part in _parts(text)
    }
    folder = pure.parent.name
    ending = any(word.endswith(pure.suffix) for word in words if pure.suffix)
    return pure.name in words or bool(folder and folder in words and ending)


def _parts(text: str) -> list[str]:
    return text.split("/") if not any(c.isspace() for c in text) else []
