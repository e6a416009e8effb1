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
    "verifies",
    "id",
    "run",
    "said",
    "aside",
]
"""``touch``: create or modify, each entry says which; ``aside``: nothing of the phase's
work, such as what to do when it fails."""

# Words of the patterns below: FILES is "LLxprt files to be", MAKE "create" and so on.
_WORDS = {
    "FILES": r"(?:[\w/.-]+ ){0,3}files?(?: to be| to)?",
    "MAKE": r"(?:creat\w*|add\w*)",
    "CHANGE": r"(?:modif\w*|updat\w*|chang\w*|edit\w*)",
    "DROP": r"(?:delet\w*|remov\w*)",
    "OR": r"(?: ?[/,+&] ?| and | or | and/or )(?:to )?",
}
_TABLE: tuple[tuple[Topic, tuple[str, ...]], ...] = (
    (
        "aside",
        (
            r"(?:failure )?recovery|roll-?back.*|on failure",
            r"if (?:failed|fails|blocked).*",
            r"phase completion (?:marker|details).*|completion markers?.*",
            r"required by|blocks?|blocking issues.*|out of scope",
            r"dependencies (?:added|to install|to consider).*",
            r"(?:upstream|expected) files.*|files to read.*|(?:required )?reading.*",
            r"commit(?: message)?(?: templates?)?|code pattern.*|examples?\b.*",
            r"common mistakes.*|lessons.*|worker (?:command|launch|prompt).*",
        ),
    ),
    (
        "keep",
        (
            r"FILES (?:that )?(?:must )?not (?:to )?(?:be )?(?:CHANGE|touch).*",
            r"FILES (?:to )?(?:keep|preserve|leave).*|(?:protected|unchanged) files.*",
            r"(?:do not|don'?t) (?:CHANGE|touch).*|files? unchanged.*",
        ),
    ),
    (
        "touch",
        (
            r"FILES (?:be )?(?:MAKE|CHANGE)OR(?:MAKE|CHANGE|DROP).*",
            r"(?:MAKE|CHANGE)OR(?:MAKE|CHANGE) files?",
            r"(?:exact |affected |scope |key )?files?(?: tasks?)?|exact file tasks?",
            r"files? (?:affected|involved|touched|to change|changes)",
            r"file changes|file-by-file changes",
        ),
    ),
    (
        "create",
        (
            r"FILES (?:be )?MAKE(?: in this phase)?|files? to create.*",
            r"(?:create|new|add) files?(?: to create)?|new (?:test )?files?.*",
            r"creates?|documents? to create",
            r"(?:tests?|test files) to (?:create|add|write)",
        ),
    ),
    (
        "modify",
        (
            r"FILES (?:be )?CHANGE(?: in this phase)?|files? to CHANGE\b.*",
            r"(?:modif(?:y|ied)|update|edit|existing) files?",
            r"(?:tests?|test files|documents?|documentation) to (?:modify|update)",
            r"modif(?:y|ies)|edits?|updates?",
        ),
    ),
    ("delete", (r"FILES (?:be )?DROP|(?:delete|remove)d? files?|deletes?|removes?",)),
    (
        "prerequisites",
        (
            r"pre-?req(?:uisite)?s?(?: .*)?|pre-?conditions?|entry criteria",
            r"before (?:you )?start(?:ing)?",
        ),
    ),
    (
        "needs",
        (
            r"(?:phase )?dependenc(?:y|ies)|dep(?:s|ends)?(?:[ -](?:up)?on)?",
            r"required|requires|blocked by",
        ),
    ),
    (
        "owner",
        (
            r"(?:principal )?owners?|assignee|assigned(?: to)?|worker|lead|responsible",
            r"(?:(?:intended )?llxprt (?:code )?)?(?:sub-?)?agent(?: type)?",
            r"worker / verifier assignment",
        ),
    ),
    ("skills", (r"(?:required |needed )?skills?(?: used| needed| required)?",)),
    (
        "estimate",
        (
            (
                r"(?:(?:estimated?|expected) )?(?:duration|effort|time|hours?)"
                r"(?: estimate| est\.?)?"
            ),
            r"estimates?|est\.? (?:time|effort|duration)|time ?box",
        ),
    ),
    ("status", (r"(?:phase |current )?status",)),
    (
        "group",
        (
            r"parallel(?:i[sz](?:e|able|m|ation)|ism)?(?: with| group| execution)?",
            r"(?:execution )?group|can run in parallel(?: with)?",
        ),
    ),
    ("blast", (r"blast[ -]?radius(?: tests?| command)?|(?:test|regression) scope",)),
    (
        "requirements",
        (
            (
                r"requirements?(?: ids?| covered| implemented| addressed| verified"
                r"| tested| satisfied| in scope)?(?: in this phase)?(?: \(.*)?"
            ),
            r"(?:implements|covers|satisfies|fulfill?s|addresses)(?: requirements)?",
            r"requirement (?:coverage|mapping)",
        ),
    ),
    (
        "criteria",
        (
            (
                r"(?:acceptance|success|completion|exit|done|pass(?:ing)?|verification"
                r"|validation) (?:criteri(?:a|on)|checklist|conditions?|gate)(?: .*)?"
            ),
            r"(?:pass|done) when|done|definition of done|check-?points?(?: .*)?|gate",
            r"acceptance",
            r"(?:(?:manual|structural|semantic|and|verification) )+checklist(?: .*)?",
            r"wave \w+ completion gate|validation (?:and|&) acceptance",
        ),
    ),
    ("deliverables", (r"deliverables?|delivers?|(?:expected )?outputs|output",)),
    ("kind", (r"kind|phase (?:kind|type)",)),
    ("verifies", (r"verif(?:ies|ication of)(?: (?:the )?phase)?|verified phase",)),
    ("id", (r"(?:phase |plan |task )?ids?",)),
    ("run", (r"run|commands?(?: to run)?|test command",)),
    ("said", (r"expected|expect(?:ed)? (?:output|results?)",)),
)
_WITHIN: tuple[tuple[Topic, str], ...] = (
    ("create", r"(?:new|creat\w*|add(?:ed|s)?)"),
    ("modify", r"(?:modif\w*|chang\w*|updat\w*|edit\w*|existing)"),
    ("delete", r"(?:delet\w*|remov\w*)"),
    ("keep", r"(?:unchanged|untouched|do not touch|keep)"),
)
_FILE_TOPICS = frozenset({"touch", "create", "modify", "delete", "keep"})
_LONGEST = 80


def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(patterns)
    for name, words in _WORDS.items():
        joined = joined.replace(name, words)
    return re.compile(rf"(?:{joined})\Z")


_PATTERNS = tuple((topic, _compiled(patterns)) for topic, patterns in _TABLE)


@lru_cache(maxsize=8192)
def topic_of(label: str) -> Topic | None:
    """Return what a label is about, or None when the table does not know it."""
    name = re.sub(r"[*_`]|[^\w\s/&+,.()-]", "", label.lower()).replace("_", " ")
    name = re.sub(r"\A[\d.\s)(-]+", "", name).strip(" :.-")
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST:
        return None
    bare = re.sub(r"\s*\([^)]*\)\s*", " ", name).strip()
    return next((t for t, p in _PATTERNS if p.match(name) or p.match(bare)), None)


def within(label: str, above: Topic | None) -> Topic | None:
    """Return what a label is about where it stands: "New" below "Files" creates."""
    found = topic_of(label)
    if found or above not in _FILE_TOPICS:
        return found
    name = label.strip("*_` :").lower()
    return next((t for t, p in _WITHIN if re.fullmatch(p, name)), None)
