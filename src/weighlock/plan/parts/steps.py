"""Commands that are steps of the work and show nothing of what it left behind.

"Run the new test and see it fail; write the code; run it and see it pass" tells how to
work.  At the end only the last of them can hold.
"""

import re

from weighlock.plan.model import Phase
from weighlock.plan.shell import runs_tests

_INSTALLS = re.compile(
    r"(?:python[\d.]*\s+-m\s+|uv\s+)?(?:"
    r"pip[\d.]*\s+(?:install|sync)|venv\s|virtualenv\s"
    r"|(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install|add)\b|yarn\s*\Z"
    r"|(?:uv|poetry|pdm|pipenv)\s+(?:sync|install|add|lock)\b|uv\s+venv\b"
    r"|cargo\s+(?:fetch|add|install)\b|go\s+(?:mod\s+download|get|install)\b"
    r"|(?:bundle|composer|conda|brew|apt(?:-get)?)\s+(?:install|update)\b"
    r"|(?:source|\.)\s+\S+/activate\b|corepack\s|nvm\s+use\b)"
)
_JOINED = re.compile(r"\s*(?:&&|;|\n)\s*")
_FAR = re.compile(r"(?:cd\s+\S+|export\s+\S+|)\Z")


def installs(text: str) -> bool:
    """Say whether a command only installs what is needed, and shows nothing."""
    parts = [p.removeprefix("sudo ") for p in _JOINED.split(text.strip())]
    if "|" in text or not any(_INSTALLS.match(p) for p in parts):
        return False
    return all(_INSTALLS.match(p) or _FAR.match(p) for p in parts)


def why_no_check(phase: Phase, at: int) -> str:
    """Say why a phase's command is no check of the delivery; empty when it is one.

    A tdd phase wants its tests red at the end; any other that runs tests to fail and
    later to pass means how they stood before the work.
    """
    command = phase.commands[at]
    if command.expect.form == "default" and installs(command.text):
        return "not run: what is installed is for gate.setup to say"
    if command.expect.form != "fail" or phase.kind == "tdd":
        return ""
    text = " ".join(command.text.split())
    for later in phase.commands[at + 1 :]:
        same = " ".join(later.text.split()) == text
        both = runs_tests(text) and runs_tests(later.text)
        if (same or both) and later.expect.form in {"pass", "default", "exit"}:
            return "not run: it was to fail before the work was done"
    return ""
