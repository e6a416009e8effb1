"""What an agent is told: the phase, its rules, what came before, what is checked.

Everything fits a stated budget. A token is counted as four characters, which is on
the safe side for English and code.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weighlock.plan.model import Deliverable, Expectation, Kind, Phase, Plan

CHARS_PER_TOKEN = 4
SUMMARY_TOKENS = 500
EVIDENCE_SHARE = 0.4
"""The part of the budget that a failed attempt's evidence may take."""
LIST_SHARE = 0.2
"""The part that the opening, and the list of what will be checked, may each take."""
TITLE = 200
"""Characters of a title, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a passed phase, or an earlier session of this one, delivered."""

    name: str
    summary: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Lines of a file that the phase refers to, such as pseudocode."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """Everything around a phase that goes into its prompt."""

    earlier: tuple[Earlier, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    skills: tuple[str, ...] = ()
    owner: str | None = None
    part: Deliverable | None = None
    """The one deliverable of this session; None: the whole phase."""
    failed: Mapping[str, Any] | None = None
    """The verdict document of the failed attempt; None on the first one."""
    objection: str = ""
    """Why a person sent the work back, or what did not merge."""
    twin: Phase | None = None
    """The verification phase that follows."""


RULES: dict[Kind, tuple[str, ...]] = {
    "preflight": ("Change no product file. Record what you find.",),
    "design": ("Write the documents. No product code, no tests needed.",),
    "pseudocode": ("Write numbered lines, no code of the real language.",),
    "stub": (
        "Create the planned names so that everything compiles and imports.",
        "Write no test that expects a stub's NotImplemented.",
    ),
    "tdd": (
        "Write tests only; the product stays as it is.",
        "They fail now, through the product's behaviour, and pass when it is done.",
        "No test may expect NotImplemented or assert on a mock of its subject.",
    ),
    "impl": (
        "Make the tests pass by real behaviour; leave no stub behind.",
        "Change no existing test, runner configuration, CI or lint setting.",
    ),
    "integration": (
        "Wire the new code into code that existed before, so that it is reached.",
        "Change no existing test, runner configuration, CI or lint setting.",
    ),
    "migration": ("Remove exactly what the plan names; nothing else may vanish.",),
    "deprecation": ("Remove exactly what the plan names; nothing else may vanish.",),
    "verification": ("Change nothing.",),
}


def compose(plan: Plan, phase: Phase, briefing: Briefing, budget: int) -> str:
    """Write the prompt of one session.

    Args:
        plan: The plan; for requirement texts.
        phase: The phase to do.
        briefing: What goes around it.
        budget: The most tokens the prompt may take.

    Returns:
        Markdown. When the parts do not fit, what is least needed is trimmed first:
        earlier phases, then excerpts, then evidence, and last the phase's own text;
        each cut is marked.
    """
    room = budget * CHARS_PER_TOKEN
    share = max(800, int(room * LIST_SHARE))
    head = _cut(_head(plan, phase, briefing), share)
    rules, checked = _rules(phase), _cut(_checked(phase, briefing), share)
    fixed = (head, rules, checked)
    closing = _closing()
    room -= sum(map(len, fixed)) + len(closing) + 200
    evidence = _cut(_evidence(briefing), int(room * EVIDENCE_SHARE))
    body = _cut(_body(phase, briefing), max(400, room - len(evidence)))
    room -= len(evidence) + len(body)
    wants = _cut(_requirements(plan, phase), max(0, room))
    room -= len(wants)
    quoted = _cut(_excerpts(briefing.excerpts), max(0, room))
    room -= len(quoted)
    before = _cut(_earlier(briefing.earlier), max(0, room))
    parts = (head, evidence, body, wants, quoted, rules, before, checked, closing)
    return "\n\n".join(part for part in parts if part)


def summary_of(said: str) -> str:
    """Return an agent's last words, cut to what the next session may carry.

    A line that says that the work cannot be done is never cut away.
    """
    mark = said.rfind("### Summary")
    text = (said[mark:] if mark >= 0 else said).strip()
    room = SUMMARY_TOKENS * CHARS_PER_TOKEN
    short, why = _cut(text, room), blocked_by(said)
    if why == blocked_by(short):
        return short
    line = f"\n\nBLOCKED: {why}"
    return _cut(text, room - len(line)) + line


_BLOCKED = re.compile(r"^[ \t>*_#`-]*BLOCKED[*_`]*:[*_` \t]*(\S.*)$", re.MULTILINE)
_REASON = 400
"""Characters of a reason, at most."""


def blocked_by(said: str) -> str:
    """Return why an agent says that its work cannot be done; empty: it does not.

    One convention for every kind of agent: a line of the last report that begins with
    ``BLOCKED:``, in capitals, and gives a reason. Markdown around it does not matter;
    of several lines the last one counts.
    """
    found = _BLOCKED.findall(said)
    return found[-1].strip("*_` \t\r")[:_REASON] if found else ""


_TASK = (
    "Do the work of this phase in the current folder, a clone made for you. "
    "Work alone: nobody answers questions. Do not push, and do not touch the "
    "plan's tracker or completion markers; they are written from evidence."
)


def _head(plan: Plan, phase: Phase, briefing: Briefing) -> str:
    lines = [
        f"# {plan.title or plan.id}: phase {phase.key}, {phase.title}"[:TITLE],
        _TASK,
    ]
    if briefing.owner:
        lines.append(f"You are the {briefing.owner} of this phase.")
    if briefing.skills:
        lines.append("Activate these skills first: " + ", ".join(briefing.skills))
    if briefing.part is not None:
        lines.append(
            "Your part is this deliverable and no other:\n\n> "
            + briefing.part.text.replace("\n", "\n> ")
        )
    return "\n\n".join(lines)


def _rules(phase: Phase) -> str:
    rules = [f"- {rule}" for rule in RULES[phase.kind]]
    if phase.markers and phase.id:
        rules.append(f"- Mark each new or changed function: `@plan:{phase.id}`")
    return "\n".join([f"## Rules of a phase of kind {phase.kind}", "", *rules])


def _body(phase: Phase, briefing: Briefing) -> str:
    title = "The whole phase, for context" if briefing.part else "The phase"
    return f"## {title}\n\n{phase.text.strip()}" if phase.text.strip() else ""


def _requirements(plan: Plan, phase: Phase) -> str:
    cited = set(phase.requirements)
    stated = [r for r in plan.requirements if r.id in cited and r.text]
    if not stated:
        return ""
    lines = [f"- {r.id}: {r.text}" for r in stated]
    return "\n".join(["## Requirements", "", *lines])


def _excerpts(excerpts: Sequence[Excerpt]) -> str:
    parts = [f"### {e.reference}\n\n{_fenced(e.text)}" for e in excerpts]
    return "\n\n".join(["## Lines it refers to", *parts]) if parts else ""


def _earlier(earlier: Sequence[Earlier]) -> str:
    parts = []
    for item in earlier:
        files = f"\nFiles: {', '.join(item.files[:12])}" if item.files else ""
        parts.append(f"### {item.name}\n\n{item.summary}{files}")
    return "\n\n".join(["## What was delivered before", *parts]) if parts else ""


def _checked(phase: Phase, briefing: Briefing) -> str:
    lines = [
        "## What will be checked",
        "",
        "weighlock looks for itself, in a fresh checkout, when you have ended:",
        "",
    ]
    lines += [f"- `{f.path}`: {f.action}" for f in phase.files]
    commands = phase.commands + (briefing.twin.commands if briefing.twin else ())
    lines += [f"- `{_one_line(c.text)}` {_expected(c.expect)}" for c in commands]
    if phase.blast_radius:
        lines.append(f"- these tests stay green: {phase.blast_radius}")
    lines.append("- every test that passed before still passes")
    lines += [f"- {c.text}" for c in phase.criteria]
    return "\n".join(lines)


def _expected(expect: Expectation) -> str:
    return f"(expected: {expect.text})" if expect.text else "(must exit with 0)"


def _one_line(text: str) -> str:
    return text if "\n" not in text else text.split("\n", 1)[0] + " …"


def _evidence(briefing: Briefing) -> str:
    if briefing.failed is None and not briefing.objection:
        return ""
    lines = ["## The last attempt did not pass", ""]
    if briefing.objection:
        lines += [briefing.objection, ""]
    lines.append("Its work is in the folder. Mend it; this is what was found:")
    failed = briefing.failed or {}
    lines += [_finding(r) for r in failed.get("reasons", ())]
    for check in failed.get("checks", ()):
        if check["verdict"] != "pass" and check.get("command"):
            lines.append(f"- `{check['command']}` exited with {check['exit_code']}")
        if check["verdict"] != "pass" and check.get("output"):
            lines.append(f"\n{_fenced(check['output'])}\n")
    return "\n".join(lines)


def _finding(reason: Mapping[str, Any]) -> str:
    where = reason.get("path") or ""
    if where and reason.get("line"):
        where += f":{reason['line']}"
    return f"- {reason['code']}: {reason['message']}" + (f" ({where})" if where else "")


def _fenced(text: str) -> str:
    """Quote a text so that nothing in it can end the quotation."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"


def _closing() -> str:
    return (
        "## When you are done\n\n"
        "End with a section `### Summary` of at most 300 words: what you changed, "
        "what you decided, what is left. It is shown beside the verdict as your "
        "claim. If the phase cannot be done as it is written, for instance because a "
        "requirement and an existing test contradict each other: do what can be done, "
        "leave tests and settings as they are, and add one line to the section that "
        "begins with `BLOCKED:` and says what contradicts what. The work is weighed "
        "all the same; then a person decides."
    )


def _cut(text: str, room: int) -> str:
    """Keep the first and last part of a text that is too long, and say so."""
    if len(text) <= room:
        return text
    mark = "\n[… cut to fit …]\n"
    if room <= len(mark) + 80:
        return ""
    front = (room - len(mark)) * 2 // 3
    return text[:front] + mark + text[-(room - len(mark) - front) :]
