"""New names of a Python program that nobody says: nothing can come to them."""

import re
from collections.abc import Iterable

from weighlock.checks.reach.web import Web, read
from weighlock.checks.subject import Subject


def unsaid(
    subject: Subject, web: Web, code: Iterable[str], path: str
) -> frozenset[str]:
    """Return what is new in a program that existed, and is said nowhere.

    Nobody imports what a program defines; what a library defines may be asked for from
    outside.
    """
    text = subject.new.text(path)
    starts = path.endswith("__main__.py") or "__main__" in text
    facts = web.facts(path)
    if not path.endswith(".py") or not starts or facts.extends:
        return frozenset()
    before = read(path, subject.old.read(path) or b"")
    fresh = facts.defines - before.defines - facts.hooked
    return frozenset(n for n in fresh if not _is_said(subject, web, code, n))


def _is_said(subject: Subject, web: Web, code: Iterable[str], name: str) -> bool:
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    speaking = [web.facts(p) for p in code if word.search(subject.new.text(p))]
    if any(
        name in f.strings or any(name in names for names in f.uses.values())
        for f in speaking
    ):
        return True
    told = [p for p in subject.new.paths if p.endswith((".toml", ".cfg"))]
    texts = [subject.phase.text, *map(subject.new.text, told)]
    return any(map(word.search, texts))
