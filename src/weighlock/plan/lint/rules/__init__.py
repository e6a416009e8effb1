"""The table of rules: code, family, severity, what it is, why it matters, the cure.

Everything that shows or explains a rule reads it from here.  A code never changes
its meaning; its words are part of it, so that people can read it.
"""

from dataclasses import dataclass
from typing import Literal

from weighlock.plan.model import Severity

Family = Literal[
    "structure", "coverage", "safety", "commands", "state", "pseudocode", "text"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of fault."""

    code: str
    severity: Severity
    family: Family
    title: str
    why: str
    cure: str


def _rule(code: str, severity: Severity, family: Family, *words: str) -> Rule:
    title, why, cure = words
    return Rule(
        code=code, severity=severity, family=family, title=title, why=why, cure=cure
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "WL101-cycle",
        "error",
        "structure",
        "phases need each other in a circle",
        "None of them can ever start.",
        "Drop the need that is only an order of writing.",
    ),
    _rule(
        "WL102-unknown-phase",
        "error",
        "structure",
        "a phase needs one that is not there",
        "It would wait for ever, or start without what it needs.",
        "Correct the number, or add the phase.",
    ),
    _rule(
        "WL103-duplicate-phase",
        "error",
        "structure",
        "two phases have one number",
        "Needs, markers and trackers cannot say which of the two they mean.",
        "Give one of them a number of its own.",
    ),
    _rule(
        "WL104-number-gap",
        "warning",
        "structure",
        "a number is left out",
        "A phase was lost, or the plan was cut and later text still counts on it.",
        "Add the phase, or number the rest anew.",
    ),
    _rule(
        "WL105-need-comes-later",
        "warning",
        "structure",
        "a phase needs a later one",
        "The order on paper is not the order of the work; people read the wrong one.",
        "Move the phase, or correct the need.",
    ),
    _rule(
        "WL106-number-disagrees",
        "warning",
        "structure",
        "file name, heading and id give different numbers",
        "Markers written for one number are looked for under another.",
        "Make the three agree.",
    ),
    _rule(
        "WL107-unverified-phase",
        "warning",
        "structure",
        "a phase has no verification phase, though the others have",
        "Nobody looks at its work before later phases build on it.",
        "Add the twin, or say in the phase why there is none.",
    ),
    _rule(
        "WL108-placeholder",
        "warning",
        "structure",
        "template text was never filled in",
        "An agent takes it literally, or invents what it should mean.",
        "Write what is meant.",
    ),
    _rule(
        "WL109-plan-twice",
        "info",
        "structure",
        "the plan stands twice in one file",
        "A person and a program may read different copies.",
        "Delete the template or the example.",
    ),
    _rule(
        "WL201-requirement-undefined",
        "warning",
        "coverage",
        "a requirement is cited but defined nowhere",
        "Nobody can say when it is met.",
        "Define it, or correct the id.",
    ),
    _rule(
        "WL202-requirement-uncovered",
        "warning",
        "coverage",
        "a requirement is in no phase",
        "The plan can pass from end to end without it.",
        "Cite it in the phase that meets it, or take it out.",
    ),
    _rule(
        "WL203-no-owner",
        "warning",
        "coverage",
        "a phase has no owner",
        "The default agent will do it, whoever was meant.",
        "Name the owner as the other phases do.",
    ),
    _rule(
        "WL204-no-blast-radius",
        "warning",
        "coverage",
        "a phase has no blast radius",
        "Nothing says which tests must stay green, so all of them must.",
        "Give the test command or the path pattern.",
    ),
    _rule(
        "WL205-no-files",
        "warning",
        "coverage",
        "a phase names no files",
        "Whether the work exists cannot be checked by looking.",
        "List what is created and what is modified.",
    ),
    _rule(
        "WL206-no-criteria",
        "warning",
        "coverage",
        "a phase has no acceptance criteria",
        "Nothing says when it is done.",
        "Add criteria, best as commands with an expected result.",
    ),
    _rule(
        "WL301-shared-file",
        "warning",
        "safety",
        "two phases of a group change one file",
        "Side by side one would overwrite the other, so they run in turn.",
        "Give the file to one phase, or let one need the other.",
    ),
    _rule(
        "WL302-need-in-group",
        "warning",
        "safety",
        "a phase needs one of its own group",
        "They cannot run side by side as the group says.",
        "Drop the need, or take the phase out of the group.",
    ),
    _rule(
        "WL401-shell-syntax",
        "error",
        "commands",
        "a shell cannot parse the commands",
        "The check ends with a syntax error, whatever the work is like.",
        "Mend the syntax, or label the block as text.",
    ),
    _rule(
        "WL402-check-cannot-fail",
        "warning",
        "commands",
        "a check cannot fail",
        "It passes on work that was never done.",
        "Let the command's own exit code through.",
    ),
    _rule(
        "WL403-vacuous-count",
        "warning",
        "commands",
        "something is counted, and nothing says how many are right",
        "`wc -l` succeeds whatever it counts.",
        "State the number below it: # Expected: 2+.",
    ),
    _rule(
        "WL404-grep-alternation",
        "warning",
        "commands",
        "plain grep takes | as a letter",
        "The pattern matches nothing, so the check finds nothing to complain of.",
        "Use grep -E, or write \\|.",
    ),
    _rule(
        "WL405-grep-self-match",
        "warning",
        "commands",
        "a search for markers finds the plan itself",
        "It succeeds before a line of code is written.",
        "Search the source folders only, or add --include for code files.",
    ),
    _rule(
        "WL406-marker-form",
        "warning",
        "commands",
        "a search uses one form of marker, the code example the other",
        "Code that follows the example is not found.",
        "Use one form, with colon or with space, in both.",
    ),
    _rule(
        "WL501-tracker-lacks-phase",
        "warning",
        "state",
        "the tracker has no row for a phase",
        "Its state is nowhere to be seen.",
        "Add the row.",
    ),
    _rule(
        "WL502-tracker-extra-row",
        "warning",
        "state",
        "the tracker has a row for no phase",
        "It waits for work that nobody will do.",
        "Remove the row, or add the phase.",
    ),
    _rule(
        "WL503-states-differ",
        "warning",
        "state",
        "tracker and completion markers say different things",
        "One of the two is wrong, and people believe the one they read first.",
        "Look at the tree; weighlock verify says which is right.",
    ),
    _rule(
        "WL601-pseudocode-missing",
        "warning",
        "pseudocode",
        "a phase refers to pseudocode that is not there",
        "The agent works from memory in place of the design.",
        "Add the file, or correct the path.",
    ),
    _rule(
        "WL901-text-mangled",
        "warning",
        "text",
        "glyphs were mangled by a wrong encoding",
        "Other tools read states wrong.",
        "Save the file as UTF-8.",
    ),
    _rule(
        "WL902-text-undecodable",
        "warning",
        "text",
        "bytes are no text",
        "What they meant is lost.",
        "Save the file as UTF-8.",
    ),
    _rule(
        "WL903-dialect-unclear",
        "info",
        "text",
        "the plan could be read in two ways",
        "Phases may be found that the author did not mean.",
        "Name the dialect: --dialect.",
    ),
)
