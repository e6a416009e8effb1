"""Hold an agent's claim against our verdict; a contradiction is a *phantom*."""

import re
from collections.abc import Collection

from weighlock.run.evidence import Outcome, Reason, Verdict

CONTRADICTED = "claim-contradicted"

_DONE = re.compile(
    r"\b(?:complete[ds]?|done|finished|implemented|successful(?:ly)?|succeeded"
    r"|pass(?:es|ed|ing)?|all (?:\w+ )?green|created|fixed|ready)\b"
    r"|[✅✓✔☑]|\[(?:ok|x)\]",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\b(?:not|never|n't|cannot|unable|incomplete|unfinished|blocked|stuck|partial(?:ly)?"
    r"|gave up|fail(?:s|ed|ing|ures?)?|missing|remain(?:s|ing)?|skipped|todo)\b|n't\b",
    re.IGNORECASE,
)
_NONE_OF = re.compile(
    r"\b(?:no|0|zero|without|nothing)(?: \w+)? "
    r"(?:fail\w*|missing|remain\w*|skipped|todos?)\b",
    re.IGNORECASE,
)


def says_done(claim: str) -> bool:
    """Say whether an agent's last words claim success without taking it back."""
    bare = _NONE_OF.sub(" ", claim)
    return bool(_DONE.search(bare)) and not _ADMITS.search(bare)


def phantom(claim: str, verdict: Outcome, codes: Collection[str] = ()) -> bool:
    """Say whether the agent claims what our evidence contradicts.

    Only a ``fail`` contradicts: ``error`` and ``review`` say nothing of the kind.
    """
    if verdict != "fail":
        return False
    return CONTRADICTED in codes or says_done(claim)


def contradictions(verdict: Verdict) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Part the notes: where the agent's words and the evidence disagree, and others."""
    lies = tuple(n for n in verdict.notes if n.code == CONTRADICTED)
    return lies, tuple(n for n in verdict.notes if n.code != CONTRADICTED)
