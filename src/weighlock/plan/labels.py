"""What the author's headings and labels are about: one table.

A label is the text of a heading, of ``**Label:** value``, of ``Label: value`` or of the
first cell of a property table.
"""

import re
from functools import lru_cache
from typing import Literal

Topic = Literal[
    "needs",
    "prerequisites",
    "owner",
    "skills",
    "estimate",
    "status",
    "group",
    "blast",
    "create",
    "modify",
    "delete",
    "keep",
    "touch",
    "requirements",
    "criteria",
    "deliverables",
    "kind",
    "id",
    "run",
    "said",
    "aside",
]
"""``touch``: create or modify, each entry says which; ``aside``: nothing of the phase's
work, such as what to do when it fails."""

_FILES = r"(?:[\w/.-]+\s+){0,3}files?(?:\s+to\s+be)?"
_TABLE: tuple[tuple[Topic, str], ...] = (
    (
        "aside",
        r"(?:failure recovery|recovery|roll-?back.*|if (?:failed|fails|blocked).*|on failure"
        r"|phase completion (?:marker|details).*|completion markers?.*|required by|blocks?"
        r"|dependencies to (?:install|consider).*|dependencies added|files to read.*"
        r"|upstream files.*|commit(?: message)?(?: templates?)?|out of scope"
        r"|common mistakes.*|examples?\b.*|(?:required )?reading.*|expected files.*"
        r"|code pattern.*|lessons.*|blocking issues.*)",
    ),
    (
        "keep",
        rf"{_FILES}\s+(?:(?:that\s+)?(?:must\s+)?not\s+(?:to\s+)?(?:be\s+)?"
        r"(?:modif|chang|touch|edit).*|to\s+(?:keep|preserve|leave).*)"
        r"|(?:do not|don'?t) (?:modify|touch|change).*|protected files.*"
        r"|unchanged files.*|files? unchanged.*",
    ),
    (
        "touch",
        rf"(?:exact )?{_FILES}(?:\s+to)?\s+(?:to\s+)?(?:be\s+)?(?:creat\w*|add\w*|modif\w*"
        r"|updat\w*|chang\w*|edit\w*)\s*(?:/|,|and|or|\+|&)+\s*(?:to\s+)?(?:creat\w*"
        r"|modif\w*|updat\w*|edit\w*|delet\w*|remov\w*|chang\w*).*"
        r"|exact file tasks?|files?|affected files?|files? (?:affected|involved|touched"
        r"|to change|changes)|file changes|scope files|file-by-file changes|key files:?",
    ),
    (
        "create",
        rf"{_FILES}\s+(?:to\s+)?(?:be\s+)?(?:creat\w*|add\w*)(?: in this phase)?"
        r"|(?:create|new|add) files?(?: to create)?|creates?|(?:tests?|test files)"
        r" to (?:create|add|write)|documents? to create|files? to create.*"
        r"|new (?:test )?files?.*",
    ),
    (
        "modify",
        rf"{_FILES}\s+(?:to\s+)?(?:be\s+)?(?:modif\w*|updat\w*|chang\w*|edit\w*)"
        r"(?: in this phase)?|(?:modify|modified|update|edit|existing) files?"
        r"|(?:tests?|test files|documents?|documentation) to (?:modify|update)"
        r"|files? to (?:modify|update|edit)\b.*|modif(?:y|ies)|edits?|updates?",
    ),
    (
        "delete",
        rf"{_FILES}\s+(?:to\s+)?(?:be\s+)?(?:delet\w*|remov\w*)|(?:delete|remove)d? files?"
        r"|deletes?|removes?",
    ),
    (
        "prerequisites",
        r"pre-?requisites?(?: .*)?|pre-?conditions?|entry criteria|before (?:you )?start(?:ing)?",
    ),
    (
        "needs",
        r"dependenc(?:y|ies)|dep(?:s|ends)?(?: on)?|depends_on|required|requires"
        r"|phase dependencies|blocked by",
    ),
    (
        "owner",
        r"(?:principal )?owners?|(?:sub-?)?agent(?: type)?|assignee|assigned(?: to)?|worker"
        r"|(?:intended )?llxprt(?: code)? sub-?agent|lead|responsible"
        r"|worker / verifier assignment|subagent_type",
    ),
    ("skills", r"(?:required |needed )?skills?(?: used| needed| required)?"),
    (
        "estimate",
        r"(?:estimated?|expected)? ?(?:duration|effort|time|hours?)(?: estimate| est\.?)?"
        r"|estimates?|est\.? (?:time|effort|duration)|time ?box",
    ),
    ("status", r"(?:phase |current )?status"),
    (
        "group",
        r"parallel(?:izable|ism|ization|ize)?(?: with| group| execution)?"
        r"|(?:execution |parallel )?group|can run in parallel(?: with)?",
    ),
    ("blast", r"blast[ -]?radius(?: tests?| command)?|test scope|regression scope"),
    (
        "requirements",
        r"requirements?(?: ids?| covered| implemented| addressed| verified| tested"
        r"| satisfied| in scope)?(?: in this phase)?(?: \(.*)?|implements(?: requirements)?"
        r"|requirement (?:coverage|mapping)",
    ),
    (
        "criteria",
        r"(?:acceptance|success|completion|exit|done|pass(?:ing)?|verification|validation)"
        r" (?:criteria|criterion|checklist|conditions?|gate)(?: .*)?|pass when|done when"
        r"|definition of done|check-?points?(?: .*)?|gate|completion gate"
        r"|(?:manual |structural |semantic |structural and semantic |verification )+"
        r"(?:verification )?checklist(?: .*)?|wave \w+ completion gate",
    ),
    ("deliverables", r"deliverables?|delivers?|outputs?|expected outputs?"),
    ("kind", r"kind|phase (?:kind|type)"),
    ("id", r"(?:phase|plan|task) ids?|ids?"),
    ("run", r"run|commands?(?: to run)?|test command"),
    ("said", r"expected|expect(?:ed)? (?:output|result)"),
)
_PATTERNS = tuple((topic, re.compile(rf"(?:{words})\Z")) for topic, words in _TABLE)


@lru_cache(maxsize=8192)
def topic_of(label: str) -> Topic | None:
    """Return what a label is about, or None when the table does not know it."""
    name = re.sub(r"[*_`]|[^\w\s/&+,.()-]", "", label.lower()).replace("_", " ")
    name = re.sub(r"\A[\d.\s)(-]+", "", name).strip(" :.-")
    name = " ".join(name.split())
    if not name or len(name) > 80:
        return None
    bare = re.sub(r"\s*\([^)]*\)\s*", " ", name).strip()
    return next((t for t, p in _PATTERNS if p.match(name) or p.match(bare)), None)
