"""Layer 6: a command of the plan, asked again about the same file by another name.

What a product says of a file depends on what the file holds.  A product that knows the
plan's own example by its name, or reads the answer that lies beside it, says otherwise.
"""

import posixpath
import secrets
import shlex
import shutil
from dataclasses import replace

from weighlock.checks.commands import expect
from weighlock.checks.finding import Found, found
from weighlock.checks.place.launch import Place, launch, shell
from weighlock.checks.reading import paths, shellwords
from weighlock.checks.subject import Subject
from weighlock.plan.model import Command
from weighlock.syntax.language import language

_FORMS = frozenset({"contains", "exact", "min", "max", "range", "none"})


async def look(
    subject: Subject, command: Command, place: Place, limit: float
) -> list[Found]:
    """Run a command once more, with a copy of the file that it is about."""
    path = _input(subject, command)
    if path is None or not (place.tree / path).is_file():
        return []
    name = f"w{secrets.token_hex(3)}{posixpath.splitext(path)[1]}"
    copy = posixpath.join(posixpath.dirname(path), name)
    text = _renamed(command.text, path, copy)
    shutil.copyfile(place.tree / path, place.tree / copy)
    try:
        done = await launch([shell(), "-c", text], place, timeout_s=limit)
    finally:
        (place.tree / copy).unlink(missing_ok=True)
    if expect.read(replace(command, text=text), done).answer != "unmet":
        return []
    message = (
        f"{command.text}: it is so for a file of this name only; for the same file by "
        "another name it is not"
    )
    return [found("review", "expectation-unmet", message, path=path)]


def _input(subject: Subject, command: Command) -> str | None:
    """Return the one file of base that a command hands to the product."""
    if command.expect.form not in _FORMS:
        return None
    parts = list(shellwords.parts(command.text))
    if not parts or not _is_product(subject, parts[0].words):
        return None
    words = [w.removeprefix("./") for part in parts for w in part.words[1:]]
    files = {w for w in words if w in subject.old.paths and language(w) is None}
    named = str(command.expect.value)
    told = [f for f in files if posixpath.splitext(posixpath.basename(f))[0] in named]
    return min(files) if len(files) == 1 and not told else None


def _is_product(subject: Subject, words: tuple[str, ...]) -> bool:
    """Say whether a program of the tree is run: a module, a script, a file of it."""
    there = subject.new.paths
    for at, word in enumerate(words[:-1]):
        if word == "-m":
            name = words[at + 1].replace(".", "/")
            homes = [f"{root}{name}{end}" for root in _ROOTS for end in _ENDS]
            return any(home in there for home in homes)
    scripts = [w.removeprefix("./") for w in words[:2]]
    return any(w in there and paths.role(w) == "product" for w in scripts)


_ROOTS = ("", "src/")
_ENDS = (".py", "/__main__.py")


def _renamed(text: str, path: str, copy: str) -> str:
    for spelling in (f"./{path}", path):
        if spelling in text:
            return text.replace(spelling, shlex.quote(copy))
    return text
