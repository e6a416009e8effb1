"""What words of the reference pages mean; generate.py makes the pages."""

from weighlock.views.reasons import MEANINGS as REASONS

__all__ = ["EXITS", "FIELDS", "KEYS", "REASONS"]

KEYS: dict[str, str] = {
    "Settings.agent": "The default agent. Not given: the first found on PATH.",
    "Settings.jobs": "Phases at once.",
    "Settings.attempts": "Attempts a phase may take, remediation included.",
    "Settings.agents": "See below.",
    "Settings.skills": "Names of skills that every prompt passes on.",
    "Settings.gate": "See below.",
    "Settings.limits": "See below.",
    "Settings.lint": "See below.",
    "AgentSettings.model": "Passed to the agent as it is.",
    "AgentSettings.effort": "Passed to the agent as it is.",
    "AgentSettings.max_turns": "For agents that have such a setting.",
    "Choice.agent": "Name of an agent.",
    "Choice.model": "In place of the agent's own.",
    "Choice.effort": "In place of the agent's own.",
    "GateSettings.test": "The command that runs the suite. Not given: detected.",
    "GateSettings.build": "A command for the final gate. Not given: detected.",
    "GateSettings.lint": "As `build`.",
    "GateSettings.types": "As `build`.",
    "GateSettings.format": "As `build`.",
    "Limits.phase_minutes": "How long one conversation with an agent may take.",
    "Limits.idle_minutes": "How long an agent may be silent.",
}
"""What a key means, where its own docstring says nothing or speaks to programmers."""

FIELDS: dict[str, str] = {
    "after": "Tests on what was delivered, as `before`.",
    "agent": "Name of the agent.",
    "answer": "In the person's words.",
    "attempt": "Number of the attempt, from 1.",
    "base": "Commit id that the work stands on.",
    "by": "Who said so.",
    "checks": "How many checks there were.",
    "claim": "The agent's last words, trimmed: a claim.",
    "codes": "Reason codes, most decisive first.",
    "commit": "Commit id on the branch.",
    "detail": "More about the ending, in words.",
    "duration_s": "Seconds.",
    "effort": "As chosen; null: the agent's own.",
    "ending": "How it stopped. `ended` never means success.",
    "evidence": "Digest of a stored blob.",
    "head": "Commit id of the frozen delivery.",
    "hint": "What to do next.",
    "model": "As chosen; null: the agent's own.",
    "owner": "Who the plan says should do it.",
    "passed": "How many of them passed.",
    "paths": "Files in conflict.",
    "phase": "Key of the phase.",
    "phases": "Keys of all phases of the plan.",
    "pid": "Process id.",
    "question": "What is asked.",
    "reason": "In the person's words.",
    "remediation": "Whether the agent was given the evidence of a failed attempt.",
    "run": "Id of the run.",
    "schema": "Version of the journal.",
    "selected": "Keys that the run was asked to do.",
    "session": "Number of the conversation in its attempt, from 1.",
    "state": "What became of it.",
    "summary": "One line.",
    "tip": "Commit id of the branch at that time.",
    "tree": "Git tree id.",
    "verb": "Name of the request.",
    "verdict": "Of the gate, or of the one thing that was looked at.",
    "version": "Of weighlock.",
    "why": "One sentence.",
}
"""What a field of an event means, where its own docstring says nothing."""

EXITS: tuple[tuple[int, str, str], ...] = (
    (0, "passed, or the question was answered", ""),
    (1, "a phase failed, or `lint` found errors", "`weighlock why PHASE`"),
    (2, "the command line asks for something impossible", "`weighlock VERB --help`"),
    (
        3,
        "the plan or the configuration cannot be used",
        "mend what the message points at",
    ),
    (
        4,
        "a person is needed: review, question, approval",
        "`approve`, `reject`, `answer` or `waive`",
    ),
    (5, "nothing to do", ""),
    (
        6,
        "refused before anything changed: uncommitted changes, run in use, preflight",
        "follow the hint",
    ),
    (7, "an agent cannot be started", "`weighlock doctor`"),
    (
        8,
        "could not be checked, or the journal was tampered with",
        "mend the environment, then `retry`",
    ),
    (70, "a bug in weighlock", "report the traceback"),
    (130, "interrupted; nothing is lost", "`weighlock resume`"),
)
