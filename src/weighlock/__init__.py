"""weighlock executes plans with coding agents; a phase passes only on evidence.

What is named in ``__all__`` is supported, everything else may change. A name is
imported when it is first used, so ``import weighlock`` costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what __getattr__ gives, for type checkers and editors
    from weighlock.cli.clock import SystemClock
    from weighlock.credentials import AllBucketsExhausted, BucketPool, classify
    from weighlock.disk import load
    from weighlock.errors import (
        AgentError,
        NothingToDo,
        PlanError,
        RefusedError,
        SettingsError,
        TamperedError,
        UncheckableError,
        UsageError,
        WeighlockError,
    )
    from weighlock.gateway import Budget, Gateway, Grant
    from weighlock.library import Run, open_pool, settings, verify
    from weighlock.plan.lint import lint
    from weighlock.plan.model import Phase, Plan, Problem, Requirement
    from weighlock.providers import (
        Answer,
        CallContext,
        CallEvent,
        CallRefused,
        MissingCallContext,
        Orchestrator,
        complete,
        logged,
    )
    from weighlock.run.evidence import Evidence, Reason, Verdict

__version__ = "0.1.0"

__all__ = [
    "AgentError",
    "AllBucketsExhausted",
    "Answer",
    "BucketPool",
    "Budget",
    "CallContext",
    "CallEvent",
    "CallRefused",
    "Evidence",
    "Gateway",
    "Grant",
    "MissingCallContext",
    "NothingToDo",
    "Orchestrator",
    "Phase",
    "Plan",
    "PlanError",
    "Problem",
    "Reason",
    "RefusedError",
    "Requirement",
    "Run",
    "SettingsError",
    "SystemClock",
    "TamperedError",
    "UncheckableError",
    "UsageError",
    "Verdict",
    "WeighlockError",
    "classify",
    "complete",
    "lint",
    "load",
    "logged",
    "open_pool",
    "settings",
    "verify",
]

_HOMES = {
    "load": "disk",
    "lint": "plan.lint",
    **dict.fromkeys(("AllBucketsExhausted", "BucketPool", "classify"), "credentials"),
    **dict.fromkeys(("Budget", "Gateway", "Grant"), "gateway"),
    "SystemClock": "cli.clock",
    **dict.fromkeys(("Run", "open_pool", "settings", "verify"), "library"),
    **dict.fromkeys(
        (
            "Answer",
            "CallContext",
            "CallEvent",
            "CallRefused",
            "MissingCallContext",
            "Orchestrator",
            "complete",
            "logged",
        ),
        "providers",
    ),
    **dict.fromkeys(("Phase", "Plan", "Problem", "Requirement"), "plan.model"),
    **dict.fromkeys(("Evidence", "Reason", "Verdict"), "run.evidence"),
}
"""Name → the module that defines it; every other name is an error's."""


def __getattr__(name: str) -> object:
    """Import a supported name when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"weighlock.{_HOMES.get(name, 'errors')}")
    return getattr(module, name)


def __dir__() -> list[str]:
    """Name what is supported, for a prompt that completes."""
    return [*__all__, "__version__"]
