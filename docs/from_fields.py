"""configuration.md and journal.md: classes, field by field."""

import dataclasses
import inspect
import sys
from collections.abc import Iterator

import meanings
from tables import TOLD, paragraph, table, told_fields, written

from weighlock import config
from weighlock.config import buckets, gate, sandbox
from weighlock.run import events


def configuration() -> str:
    """Say which keys the configuration has."""
    parts = [
        "# Configuration\n\n" + TOLD,
        paragraph(
            "No configuration is needed. `weighlock init` writes a `weighlock.toml` to",
            "start from; `[tool.weighlock]` in `pyproject.toml` holds the same keys.",
            "Both at once is an error, and so is a key that is not below.",
            "`--config FILE` replaces the repository's file. Relative paths are",
            "relative to the file they stand in. `weighlock config show` prints what",
            "holds.",
        ),
    ]
    for head, title, name in _TABLES:
        fields = _keys(name)
        parts += [f"## {title}", *([f"```toml\n{head}\n```"] if head else [])]
        parts += [
            _INTRO.get(name, ""),
            table(("key", "takes", "default", "means"), fields),
        ]
    return "\n\n".join(p for p in parts if p) + "\n"


_TABLES = (
    ("", "Top level", "Settings"),
    ('[agents.script]\nkind = "command"\ncommand = ["python3", "agent.py"]', "Agents",
     "AgentSettings"),
    (('[roles]\n"Rust Developer" = "claude"\n\n[phases]\n"03" = { effort = "high" }\n\n'
     '[kinds]\ntdd = { agent = "codex", effort = "high" }'),
     "Roles, phases, kinds", "Choice"),
    ('[gate]\nsetup = ["npm ci"]\ntest = "npm test"\nprotect = ["golden/**"]', "Gate",
     "GateSettings"),
    ("[limits]\nphase_minutes = 120", "Limits", "Limits"),
    ("[budget]\nmoney = 20\nphase_money = 3", "Budget", "BudgetSettings"),
    ('[notify]\ncommand = ["./tell.sh"]', "Notify", "NotifySettings"),
    (('[lint]\nignore = ["WL203"]\n\n[lint.severity]\nWL402 = "error"\n\n[lint.files]\n'
      '"plans/old/**" = ["WL104", "WL107"]'), "Lint", "LintSettings"),
    (('[trace]\nneeds = ["impl", "test"]\nfail_on = ["unmarked", "orphaned"]\n\n'
     '[trace.justified]\n"REQ-9" = "it is on paper"'), "Trace", "TraceSettings"),
    ('[sandbox]\nuse = "auto"\nread = ["~/.cache/models"]', "Sandbox",
     "SandboxSettings"),
    (('[providers.anthropic]\nprotocol = "anthropic"\n'
      'base_url = "https://api.anthropic.com"'), "Providers", "ProviderSettings"),
    (('[providers.anthropic]\nprotocol = "anthropic"\n'
      'base_url = "https://api.anthropic.com"\n\n'
      '[[buckets]]\nid = "work"\nprovider = "anthropic"\n'
      'key_env = "ANTHROPIC_API_KEY"'), "Buckets", "BucketSettings"),
    ("", "OAuth", "OAuthSettings"),
    ('[gateway]\ndelivery = "assured"', "Gateway", "GatewaySettings"),
)  # fmt: skip
_INTRO = {
    "SandboxSettings": "Where agents and the gate's programs run. More:"
    " [security](../../SECURITY.md).",
    "ProviderSettings": "One table an upstream, under a name you choose.",
    "BudgetSettings": "What the model calls of a run or a phase may come to,"
    " where agents go through buckets; when it\nis spent, the run asks you. More:"
    " [the gateway](../how-to/send-model-calls-through-the-gateway.md).",
    "NotifySettings": "A program that is run when a person is needed. More:"
    " [run a plan overnight](../how-to/run-a-plan-overnight.md#be-told).",
    "BucketSettings": "One `[[buckets]]` a credential; the order of the file is the"
    " order of use.",
    "OAuthSettings": "One table a client that you have registered, `[oauth.NAME]`, for"
    " buckets\nthat log in.",
    "Choice": "Which agent, model and effort: by the owner that the plan names"
    " (`roles`), by the\nphase's key (`phases`), by the kind of phase (`kinds`). A bare"
    " text is an agent's name.\nMore: [choose agents](../how-to/choose-agents.md).",
    "AgentSettings": "One table an agent, under a name you choose. More:"
    " [agents](../agents.md).",
    "LintSettings": "Of `lint` alone; a run refuses what it cannot execute whatever"
    " stands here.\nMore: [lint a plan](../how-to/lint-a-plan.md).",
    "TraceSettings": "Of `trace` alone. More:"
    " [trace requirements](../how-to/trace-requirements.md).",
    "GateSettings": "More:"
    " [make a repository checkable](../how-to/make-a-repository-checkable.md).",
}

_HOMES = (
    config,
    gate,
    sandbox,
    buckets,
    *(sys.modules[f"weighlock.config.{name}"] for name in ("budget", "notify")),
)


def _keys(name: str) -> Iterator[tuple[str, ...]]:
    cls = next(vars(m)[name] for m in _HOMES if name in vars(m))
    told = told_fields(sys.modules[cls.__module__], name)
    for field in dataclasses.fields(cls):
        if field.name in {"name", "source"}:
            continue
        shown = _default(field)
        means = meanings.KEYS.get(f"{name}.{field.name}") or told[field.name]
        yield f"`{field.name}`", written(field.type), shown, means


def _default(field: "dataclasses.Field[object]") -> str:
    """Return what holds when a key is not given, as TOML writes it."""
    default = field.default
    if dataclasses.is_dataclass(default) or dataclasses.is_dataclass(
        field.default_factory
    ):
        return "as below"
    if default in (dataclasses.MISSING, None, "", ()):
        return "empty"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{list(default) if isinstance(default, tuple) else default}`"


def journal() -> str:
    """Say which events there are and what they carry."""
    parts = [
        "# The journal\n\n" + TOLD,
        paragraph(
            "`<git common dir>/weighlock/runs/<run>/journal.jsonl`, schema",
            f"{events.SCHEMA}: one JSON object a line. Every line has `seq`, counted",
            "from 0; `prev`, the SHA-256 of the line before; `kind`; `at`, seconds",
            "since the epoch, UTC; and the fields of its kind. `run --json` streams",
            "the same events, without `seq` and `prev`. What follows from them:",
            "[state and resume](../explanation/state-and-resume.md).",
        ),
    ]
    for kind, event in events.KINDS.items():
        name = event.__name__
        module = sys.modules[event.__module__]  # type: ignore[attr-defined]
        told = told_fields(module, name)
        fields = [
            (
                f"`{f.name}`",
                written(f.type),
                told.get(f.name) or meanings.FIELDS[f.name],
            )
            for f in dataclasses.fields(event)  # type: ignore[arg-type]
            if f.name != "at"
        ]
        text = inspect.cleandoc(event.__doc__ or "").replace("``", "`")
        parts += [f"## `{kind}`", text, table(("field", "holds", "means"), fields)]
    return "\n\n".join(parts) + "\n"
