"""Layer 3, effect: what the phase's own words say that its files hold.

Only statements that can be computed are read: that a stub file declares a name, that
the lines of pseudocode are numbered.
"""

import ast
import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import language
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_SENTENCE = re.compile(r"(?<=[.;:!?])\s+|\n\s*\n|\n\s*[-*+]\s")
_DECLARES = re.compile(
    r"\b(?:declares?|defines?|exposes?|exports?|provides?|holds?|contains?|gets?|has)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:no|not|none|never|without|nothing)\b", re.IGNORECASE)
_CODE = re.compile(r"`([^`\n]+)`")
_SYMBOL = re.compile(r"([A-Za-z_]\w*)(?:\([^()]*\))?\Z")
_NUMBERED = re.compile(
    r"\bnumber(?:ed|s)?\b[^.\n]{0,30}\blines?\b|\blines?\b[^.\n]{0,30}\bnumber(?:ed|s)?\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(?:[-*|>]\s*)?[\[(]?[Ll]?(?:ine\s+)?\d+\s*[\]).:|\s]")
_FEW = 3
"""Numbered lines, from which on a text has them."""


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether what the phase says of its own files is so."""
    seen: list[Found] = []
    if rules.stubs:
        seen += _declared(subject)
    elif subject.phase.kind == "pseudocode" and _NUMBERED.search(subject.phase.text):
        seen += _unnumbered(subject)
    fine = "the files hold what the phase says of them"
    return weigh("artifacts", "effect", seen, fine=fine, decides=False)


def _declared(subject: Subject) -> Iterator[Found]:
    """Find names that a planned Python file should declare, and does not say."""
    for sentence in _SENTENCE.split(subject.phase.text):
        words = _CODE.sub("`", sentence)
        if not _DECLARES.search(words) or _DENIES.search(words):
            continue
        codes = _CODE.findall(sentence)
        files = [c for c in codes if c.endswith(".py") and subject.action(c)]
        if len(files) != 1 or subject.new.read(files[0]) is None:
            continue
        known = _names(subject.new.text(files[0]))
        symbols = (_SYMBOL.match(code) for code in codes)
        for symbol in (s for s in symbols if s and known):
            if symbol[1] not in known:
                message = (
                    f"the phase says that it declares {symbol[1]}, and it does not"
                )
                yield found("review", "partial", message, path=files[0])


def _names(text: str) -> frozenset[str]:
    """Return every name in the code of a Python file; none where it is unreadable."""
    tree = language.python_tree(text)
    if isinstance(tree, str):
        return frozenset()
    found_names: set[str] = {"self", "None", "True", "False"}
    for node in ast.walk(tree):
        for field in ("name", "id", "attr", "arg", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found_names |= {value, value.rpartition(".")[2]}
    return frozenset(found_names)


def _unnumbered(subject: Subject) -> Iterator[Found]:
    for action in subject.planned:
        text = subject.new.text(action.path)
        lines = [line for line in text.splitlines() if line.strip()]
        numbered = sum(bool(_NUMBER.match(line)) for line in lines)
        if action.action in {"create", "modify"} and lines and numbered < _FEW:
            message = "the phase asks for numbered lines, and there are none"
            yield found("fail", "partial", message, path=action.path)
