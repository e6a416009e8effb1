"""Layer 8, integration: new code is used by code that existed before."""

import re
from collections.abc import Iterator

from weighlock.checks import language, paths
from weighlock.checks.finding import found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_NAMES = re.compile(
    r"^(?:export\s+)?(?:default\s+)?(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?"
    r"(?:def|class|function|const|let|fn|struct|enum|trait|interface|type|func)\s+"
    r"(?:\([^)]*\)\s*)?([A-Za-z_]\w*)",
    re.MULTILINE,
)
_IMPORT = re.compile(
    r"^\s*(import|from|use|export\s+\{|export\s+\*|\}\s*from|pub use|mod)\b"
)


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether something of the new files is used outside them and their tests.

    An import alone is no use.  What only runs by name at run time cannot be seen
    here, so the absence is a question to a person.
    """
    new = list(_new(subject)) if rules.wiring else []
    names = {n for path in new for n in _NAMES.findall(subject.new.text(path))}
    names = {n for n in names if not n.startswith("_")}
    seen = []
    if names and not any(_uses(subject.new.text(p), names) for p in _old(subject)):
        message = "nothing that existed before uses what this phase added"
        seen.append(found("review", "not-wired", message, path=new[0]))
    fine = "the new code is used" if names else "no new files to reach"
    return weigh("wiring", "leftover", seen, fine=fine, decides=False)


def _new(subject: Subject) -> Iterator[str]:
    for change in subject.work():
        if change.status == "A" and _is_code(change.path):
            yield change.path


def _old(subject: Subject) -> list[str]:
    own = sorted(p for p in subject.new.paths & subject.old.paths if _is_code(p))
    subject.new.fetch(own)
    return own


def _is_code(path: str) -> bool:
    return language.is_program(path) and paths.role(path) == "product"


def _uses(text: str, names: set[str]) -> bool:
    lines = (line for line in text.splitlines() if not _IMPORT.match(line))
    words = re.findall(r"[A-Za-z_]\w*", "\n".join(lines))
    return not names.isdisjoint(words)
