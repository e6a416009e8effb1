"""Find out how a project's tests are started."""

import json
import posixpath
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from weighlock.checks import paths, shellwords
from weighlock.checks.runners import cargo, node, pytest, unittest, vitest
from weighlock.checks.runners.runner import Runner
from weighlock.checks.subject import Snapshot

RUNNERS: tuple[Runner, ...] = (
    pytest.RUNNER,
    unittest.RUNNER,
    node.RUNNER,
    vitest.RUNNER,
    cargo.RUNNER,
)
_PACKAGE_RUNNERS = frozenset({"npm", "pnpm", "yarn", "bun"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One way to start tests, and the runner behind it."""

    text: str
    """As people would type it."""
    runner: Runner | None
    """None: a command of the user's own that writes JUnit XML to ``{report}``."""
    words: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    """Below the checkout."""


def recognise(text: str, files: Snapshot) -> Call | None:
    """Return the runner behind a command, or None when there is none we know.

    Knows ``cd DIR &&`` in front, assignments in front, and scripts of package.json.
    """
    found = list(shellwords.parts(text))
    folder = ""
    while len(found) > 1 and found[0].program == "cd" and found[1].before == "&&":
        folder = posixpath.normpath(posixpath.join(folder, *found[0].words[1:2]))
        found = found[1:]
    if len(found) != 1 or re.search(r"[<>`]|\$\(", text):
        return None
    return _call(text, found[0], "" if folder == "." else folder, files)


def _call(
    text: str, part: shellwords.Part, folder: str, files: Snapshot
) -> Call | None:
    words = part.words
    for runner in RUNNERS:
        if words and runner.recognises(words):
            return Call(
                text=text, runner=runner, words=words, env=dict(part.env), folder=folder
            )
    script = _script(words, folder, files)
    if script is None:
        return None
    inner = recognise(script, files)
    if inner is None or inner.folder:
        return None
    return Call(
        text=text,
        runner=inner.runner,
        words=inner.words,
        env={**dict(part.env), **inner.env},
        folder=folder,
    )


def _script(words: tuple[str, ...], folder: str, files: Snapshot) -> str | None:
    """Return what ``npm test -- ARGS`` runs, with its arguments."""
    if not words or words[0] not in _PACKAGE_RUNNERS:
        return None
    rest = [w for w in words[1:] if w not in {"run", "run-script", "--silent", "-s"}]
    name = {"t": "test", "tst": "test"}.get(rest[0], rest[0]) if rest else ""
    text = scripts(files, folder).get(name)
    if text is None:
        return None
    given = [w for w in rest[1:] if w != "--"]
    return " ".join([text, *map(shlex.quote, given)])


def scripts(files: Snapshot, folder: str = "") -> dict[str, str]:
    """Return the scripts of a package.json; none when it cannot be read."""
    try:
        document = json.loads(files.text(posixpath.join(folder, "package.json")))
    except ValueError:
        return {}
    table = document.get("scripts") if isinstance(document, dict) else None
    if not isinstance(table, dict):
        return {}
    return {k: v for k, v in table.items() if isinstance(v, str)}


def detect(files: Snapshot, given: str | None) -> tuple[Call, ...]:
    """Return how the suite is started: as configured, else as the files tell."""
    if given is not None:
        return (recognise(given, files) or Call(text=given, runner=None),)
    return tuple(call for find in (_node, _python, _rust) for call in find(files))


def _python(files: Snapshot) -> tuple[Call, ...]:
    tests = [p for p in files.paths if p.endswith(".py") and paths.is_test(p)]
    told = files.text("pyproject.toml") + files.text("tox.ini")
    if not tests and "pytest.ini" not in files.paths and "[tool.pytest" not in told:
        return ()
    if _unittest(files, tests, told):
        words = ("python3", "-m", "unittest", "discover")
        return (Call(text=" ".join(words), runner=unittest.RUNNER, words=words),)
    return (Call(text="pytest", runner=pytest.RUNNER, words=("pytest",)),)


def _unittest(files: Snapshot, tests: list[str], told: str) -> bool:
    """Say whether a project is tested without pytest, where there is none."""
    if "pytest" in told or pytest.is_installed():
        return False
    files.fetch(tests)
    texts = [files.text(p) for p in tests]
    return any("unittest" in t for t in texts) and not any("pytest" in t for t in texts)


def _node(files: Snapshot) -> tuple[Call, ...]:
    if "package.json" not in files.paths:
        return ()
    call = recognise("npm test", files)
    if call is not None:
        return (call,)
    if '"vitest"' in files.text("package.json"):
        return (Call(text="vitest run", runner=vitest.RUNNER, words=("vitest", "run")),)
    return ()


def _rust(files: Snapshot) -> tuple[Call, ...]:
    if "Cargo.toml" not in files.paths:
        return ()
    words = ("cargo", "test", "--workspace")
    return (Call(text="cargo test --workspace", runner=cargo.RUNNER, words=words),)


def has_tests(call: Call, files: Snapshot) -> bool:
    """Say whether there is any file that the call could find tests in."""
    runner = call.runner
    if runner is None:
        return True
    if runner is cargo.RUNNER:
        own = [p for p in files.paths if p.endswith(".rs")]
        files.fetch(own)
        return any("#[test]" in files.text(p) for p in own)
    return any(p.endswith(runner.suffixes) and paths.is_test(p) for p in files.paths)
