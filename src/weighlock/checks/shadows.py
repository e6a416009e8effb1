"""Layer 3: added files that stand in for a dependency, the library or the runner."""

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_RUNNERS = frozenset(
    {"pytest", "_pytest", "pluggy", "unittest", "coverage", "hypothesis"}
)
_VENDORED = frozenset({"node_modules", "site-packages", ".venv", "venv"})


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether a program would load an added file in place of a dependency."""
    del rules
    seen: list[Found] = []
    for change in subject.changes:
        if change.status == "A":
            seen += _judge(subject, change.path)
    return weigh(
        "shadows", "protected", seen, fine="no dependency is shadowed", decides=False
    )


def _judge(subject: Subject, path: str) -> Iterator[Found]:
    parts = PurePosixPath(path).parts
    if _VENDORED & set(parts):
        yield found(
            "fail",
            "dependency-shadowed",
            "a dependency was put into the tree; it comes from the lock file",
            path=path,
        )
        return
    module = _module(parts)
    if module in _RUNNERS:
        message = f"it would be loaded in place of {module}"
        yield found("fail", "dependency-shadowed", message, path=path)
    elif module in sys.stdlib_module_names and subject.action(path) is None:
        message = f"it would be loaded in place of the library's {module}"
        yield found("review", "dependency-shadowed", message, path=path)


def _module(parts: tuple[str, ...]) -> str:
    """Return the top-level module that a Python file makes, if it makes one."""
    inner = parts[1:] if parts[0] in {"src", "tests", "test"} else parts
    if len(inner) == 1 and inner[0].endswith(".py"):
        return inner[0].removesuffix(".py")
    return inner[0] if inner and inner[-1] == "__init__.py" else ""
