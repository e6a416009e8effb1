"""Commands that a line of a phase speaks of, outside every block: "Run: `pytest`"."""

import re

from weighlock.plan import shell
from weighlock.plan.lines import Line

_TICKED = re.compile(r"`([^`]+)`")
_SENTENCE = re.compile(
    r"[\W\d]{0,6}(?:then |and |now )?"
    r"(?:run|execute"
    r"|(?P<looks>verify|verification|check|confirm)(?: with| by running)?)"
    r"\s*:?[*_\s]*(?:that\s+)?`(?P<command>[^`]+)`(?P<rest>.*)",
    re.IGNORECASE,
)
_SHOULD = re.compile(
    r"[\s,;:.()–—→-]{0,8}(?:(?:and|then|to|it|which|this|you)\s+){0,3}"
    r"(?:(?:expect|should|must|confirm|ensure|see)\w*\b(?:\s+(?:that|to|it|be|see))*\s*:?"
    r"|(?=(?:pass|succeed|fail|exit|return|print|output|show|find|report|match|is|are)"
    r"(?:e?s|ed)?\b))",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s*(?:[→=:(–—]|->|=>|-(?=\s)|(?=(?:should|must|pass(?:es)?|exits?)\b))+\s*"
    r"([^.]{1,120}?)[\s.)]*",
    re.IGNORECASE,
)
"""What stands behind a command: "→ all green", "(exit 0)", "should pass"."""
_VERDICT = re.compile(
    r"[\W\d]{0,6}"
    r"(?:(?:(?:unit |all )?tests?|test with|acceptance|done when)\b[\s:*]*)?"
    r"`(?P<command>[^`]+)`\s*(?P<rest>(?:(?:still|must|should|now|is|are|to) ){0,2}"
    r"(?:pass(?:es)?|succeeds?|green|clean|exits?(?: with)?(?: code)? 0)"
    r"(?: with \d+ tests?| without (?:errors?|changes?)| unmodified)?)?\s*[.;]?",
    re.IGNORECASE,
)
"""A line that is a command, and nothing or a verdict behind it: "`npm test` passes"."""
_FILES = frozenset({"create", "modify", "delete", "touch"})
_OPEN = frozenset({None, "criteria", "run", *_FILES})
"""What a line with a command and nothing else may stand below."""
_NO_CHECKS = frozenset(
    {"aside", "keep", "needs", "prerequisites", "requirements", "said"}
)


def spoken(line: Line) -> shell.Raw | None:
    """Return the command of "Run: `x`", or of a sentence that says what to expect."""
    listed = line.label or (line.item and line.box is None)
    if line.topic == "run" and listed and (command := _TICKED.match(line.text)):
        behind = _BEHIND.fullmatch(line.text[command.end() :])
        return shell.Raw(
            command[1], line.number, line.number, behind[1] if behind else ""
        )
    if line.topic in _NO_CHECKS or line.heading or line.box is not None:
        return None
    found = _SENTENCE.match(line.text)
    if not found:
        return _judged(line)
    if not shell.looks_like_shell((found["command"],)):
        return None
    told = _SHOULD.match(found["rest"])
    if not told and not found["looks"]:
        return None
    said = found["rest"][told.end() :] if told else ""
    return shell.Raw(found["command"], line.number, line.number, said.strip(" .)"))


def _judged(line: Line) -> shell.Raw | None:
    """Return the command of a line that says nothing else, or only that it passes.

    Without a verdict it is one only when it runs tests.
    """
    found = _VERDICT.fullmatch(line.text)
    if (
        not found
        or line.topic not in _OPEN
        or (line.topic in _FILES and not line.item and not found["rest"])
    ):
        return None
    text = found["command"]
    runs = shell.looks_like_shell((text,)) and not shell.acts(text)
    if not runs or not (shell.runs_tests(text) or (found["rest"] and " " in text)):
        return None
    return shell.Raw(text, line.number, line.number, found["rest"] or "")
