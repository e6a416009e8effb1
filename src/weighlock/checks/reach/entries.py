"""Which files are started from outside: by a manifest, a setting, a plan's command."""

import posixpath
import re
from collections.abc import Iterator

from weighlock.checks.reach.resolve import stem
from weighlock.checks.reading import paths, shellwords
from weighlock.checks.subject import Subject
from weighlock.syntax.language import language as known

BY_NAME = re.compile(r"(^|/)(__main__\.py|main\.go|src/main\.rs|src/bin/.+\.rs)$")
"""Files that a language starts by their name."""
_STARTS = re.compile(
    r"(?:python|pypy)[\d.]*|node|deno|bun|tsx|ts-node|ruby|perl|php|bash|sh|zsh|java|go"
)
"""Programs that run the file, or the module behind ``-m``, that comes first."""
_GUARD = re.compile(rb"__name__\s*==\s*[\"']__main__[\"']|\A#!")


def is_entry(subject: Subject, path: str) -> bool:
    """Say whether a manifest, a setting or a command of the plan starts a file."""
    wanted = spellings(path)
    if any(wanted & set(_started(c.text)) for c in subject.phase.commands):
        return True
    ends = "|".join(re.escape(w) for w in sorted(wanted, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.-])(?:\./)?(?:{ends})(?![\w-])")
    settings = [
        p
        for p in subject.new.paths & subject.old.paths
        if known(p) is None
        and not paths.is_document(p)
        and paths.role(p) in {"manifest", "product"}
        and not subject.is_plan(p)
    ]
    manifests = [p for p in subject.new.paths if "META-INF/services/" in p]
    subject.new.fetch([*settings, *manifests])
    return any(pattern.search(subject.new.text(p)) for p in [*settings, *manifests])


def starts_itself(subject: Subject, path: str) -> bool:
    """Say whether a file is run and not found: it needs nobody to name it."""
    guarded = _GUARD.search(subject.new.read(path) or b"") is not None
    return guarded or bool(BY_NAME.search(path)) or is_entry(subject, path)


def spellings(path: str) -> frozenset[str]:
    """Return how a text may name a module: by path or by dots, from any folder on."""
    parts = stem(path).split("/")
    tails = [parts[at:] for at in range(len(parts))]
    wanted = {sign.join(t) for t in tails if len(t) > 1 for sign in "./"}
    return frozenset(
        {path, *wanted, *(f"{w}{posixpath.splitext(path)[1]}" for w in wanted)}
    )


def _started(text: str) -> Iterator[str]:
    """Return what a command line runs; to look at a file is not to run it."""
    for part in shellwords.parts(text):
        words = [word.removeprefix("./") for word in part.words]
        yield from words[:1]
        for at, word in enumerate(words):
            if _STARTS.fullmatch(word.rsplit("/", 1)[-1]):
                yield from _first(words[at + 1 :])
                break


def _first(words: list[str]) -> Iterator[str]:
    """Return the file or module that an interpreter is given, if it is given one."""
    for word in words:
        if word in {"-c", "-e", "--check", "--eval", "-"}:
            return
        if not word.startswith("-") and word != "run":
            yield word
            return
