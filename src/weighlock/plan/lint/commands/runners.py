"""Rules on test runners and package scripts: options and names that do not exist."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from posixpath import basename

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.calls import Call, Word, calls
from weighlock.plan.lint.ground import Ground
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Command, Phase, Problem

INSTEAD: dict[str, dict[str, str]] = {
    "vitest": {
        "--grep": "--testNamePattern",
        "--filter": "--testNamePattern",
        "--testPathPattern": "",
        "--testPathPatterns": "",
        "--runInBand": "--no-file-parallelism",
        "--detectOpenHandles": "",
        "--forceExit": "",
    },
    "jest": {"--grep": "--testNamePattern", "--run": ""},
    "pytest": {"--grep": "-k", "--filter": "-k", "--testNamePattern": "-k"},
    "cargo": {"--grep": "", "--filter": ""},
    "go": {"--grep": "-run", "--filter": "-run"},
}
"""Runner → options of other runners that it stops at → its own, or nothing like it."""
_PACKAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_CARRIERS = frozenset(
    {"npx", "bunx", "uv", "poetry", "pipenv", "pdm", "hatch", "python", "python3"}
    | _PACKAGERS
)
_PASSED_ON = frozenset({"run", "exec", "dlx", "-m", "x"})
_ELSEWHERE = re.compile(r"(?:-w|-C|--workspaces?|--prefix|--filter|--cwd|--dir)\b")


def runners(book: Book) -> Iterator[Problem]:
    """Yield options that a runner does not have, and scripts that no package has."""
    named = {basename(f.path) for p in book.plan.phases for f in p.files}
    for phase in book.plan.phases:
        for command in phase.commands:
            for call in calls(command.text):
                yield from _options(book, phase, command, call)
                if book.ground and "package.json" not in named:
                    yield from _script(book, phase, command, call)


def _options(
    book: Book, phase: Phase, command: Command, call: Call
) -> Iterator[Problem]:
    """Report the options that the runner of a call stops at."""
    runner, given = _runner(call, book.ground)
    for word in given:
        name = word.text.partition("=")[0]
        instead = INSTEAD.get(runner, {}).get(name)
        if instead is not None:
            yield problem(
                "WL407-unknown-option",
                f"{runner} has no option {name}, and stops there",
                book.point(phase, command, word),
                hint=f"write {instead}"
                if instead
                else f"{runner} --help lists its own",
            )


def _runner(call: Call, ground: Ground | None) -> tuple[str, tuple[Word, ...]]:
    """Return the test runner that a call starts, and the words it gets."""
    words = call.words
    while words and words[0].text in _CARRIERS:
        if words[0].text in _PACKAGERS and (script := _scripted(words)):
            passed = _after_dashes(words) if words[0].text == "npm" else words[2:]
            return _behind(script, ground), passed
        words = words[1:]
        while words and words[0].text in _PASSED_ON:
            words = words[1:]
    if not words:
        return "", ()
    name = basename(words[0].text).removeprefix("py.")
    if name in {"cargo", "go"}:
        tests = len(words) > 1 and words[1].text == "test"
        return (name, _until_dashes(words[2:])) if tests else ("", ())
    return (name if name in INSTEAD else ""), words[1:]


def _scripted(words: tuple[Word, ...]) -> str:
    """Return the package script a call runs: ``npm run test:unit``, ``npm test``."""
    names = [w.text for w in words[1:] if not w.text.startswith("-")]
    if names[:1] in (["run"], ["run-script"]):
        return names[1] if len(names) > 1 else ""
    return "test" if names[:1] in (["test"], ["t"]) and words[0].text != "bun" else ""


def _after_dashes(words: tuple[Word, ...]) -> tuple[Word, ...]:
    at = next((n for n, w in enumerate(words) if w.text == "--"), len(words))
    return words[at + 1 :]


def _until_dashes(words: tuple[Word, ...]) -> tuple[Word, ...]:
    at = next((n for n, w in enumerate(words) if w.text == "--"), len(words))
    return words[:at]


def _behind(script: str, ground: Ground | None) -> str:
    """Return the runner that a package script starts, when there can be only one."""
    if ground is None:
        return ""
    texts = [s[script] for s in ground.scripts.values() if script in s]
    named = (re.findall(r"\b(?:vitest|jest)\b", text) for text in texts)
    told = {name for names in named for name in names}
    known = set().union(*ground.runners.values()) if ground.runners else set()
    found = told or (known if script == "test" else set())
    return next(iter(found)) if len(found) == 1 else ""


def _script(
    book: Book, phase: Phase, command: Command, call: Call
) -> Iterator[Problem]:
    """Report a package script that no ``package.json`` of the repository has."""
    scripts = book.ground.scripts if book.ground else {}
    word = _named(call)
    if not scripts or word is None or call.negated:
        return
    known = {name for of in scripts.values() for name in of}
    if word.text in known or not re.fullmatch(r"[\w:.-]+", word.text):
        return
    near = get_close_matches(word.text, sorted(known), n=1)
    yield problem(
        "WL410-script-missing",
        f"no package.json has a script {word.text}",
        book.point(phase, command, word),
        hint=f"did you mean {near[0]}?" if near else "",
    )


def _named(call: Call) -> Word | None:
    """Return the word that names a package script: after ``run``, past options."""
    texts = {w.text for w in call.words}
    if call.program not in _PACKAGERS or "--if-present" in texts:
        return None
    plain: list[Word] = []
    skipped = False
    for word in _until_dashes(call.words[1:]):
        if not skipped and not word.text.startswith("-"):
            plain.append(word)
        skipped = bool(_ELSEWHERE.fullmatch(word.text))
    if len(plain) > 1 and plain[0].text in {"run", "run-script"}:
        return plain[1]
    return None
