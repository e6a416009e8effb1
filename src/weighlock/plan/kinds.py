"""What kind of work a phase is, from its own ``Kind:`` line or its title's words."""

import re

from weighlock.plan.model import KINDS, Kind

_VERIFIES = (
    r"verif(?:ication|y|ier)\b|semantic review|\A\W*(?:final )?(?:check-?point\W+"
    r"|ensure (?:that )?all (?:the )?tests (?:still )?pass"
    r"|run (?:the )?(?:full|whole|entire|complete) (?:test )?suite)(?!.*\bfix)"
)
# The order matters: "Integration TDD Verification" is a verification, "Integration
# Stub" a stub; the first pattern that a title or file name holds wins.
_WORDS: tuple[tuple[Kind, str], ...] = (
    ("preflight", r"pre-?flight"),
    ("verification", _VERIFIES),
    ("pseudocode", r"pseudo-?code"),
    ("stub", r"stubs?\b|skeletons?\b|scaffold(?:s|ing)?\b"),
    ("tdd", r"tdd\b|tests?[ -]first\b|failing tests?\b|red phase"),
    ("design", r"analys[ie]s?\b|design\b|specification\b|overview\b"),
    ("migration", r"migrat(?:ion|e|ing)\b"),
    ("deprecation", r"deprecat\w+|clean[ -]?up\b|removal\b|remove\b"),
    ("integration", r"integration\b(?! tests?| testing)|integrate\b|wir(?:e|ing)\b"),
)
_PATTERNS = tuple(
    (kind, re.compile(rf"(?<![a-z])(?:{words})", re.IGNORECASE))
    for kind, words in _WORDS
)


def read_kind(title: str, file_name: str = "", stated: str = "") -> Kind:
    """Return the kind: as stated, else by the words of title and file name."""
    for kind in KINDS:
        if stated.strip().lower() == kind:
            return kind
    name = re.sub(r"[-_.]", " ", file_name)
    return _by_words(title) or _by_words(name) or "impl"


def _by_words(text: str) -> Kind | None:
    for kind, pattern in _PATTERNS:
        if pattern.search(text):
            return kind
    return None
