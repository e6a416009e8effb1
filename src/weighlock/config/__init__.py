"""Read ``weighlock.toml`` into one frozen Settings; unknown keys are errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from weighlock.config import buckets as doors
from weighlock.config.budget import BudgetSettings, budget
from weighlock.config.casts import fill, one_of, place
from weighlock.config.gate import GateSettings, ReviewerSettings, gate
from weighlock.config.levels import codes, severities
from weighlock.config.notify import NotifySettings, notify
from weighlock.config.sandbox import USES, SandboxSettings, sandbox
from weighlock.config.trace import TraceSettings, trace
from weighlock.errors import SettingsError
from weighlock.plan.key import normal
from weighlock.plan.model import KINDS as PHASE_KINDS

__all__ = [
    "FILE",
    "KINDS",
    "PROFILES",
    "AgentSettings",
    "Choice",
    "GateSettings",
    "Limits",
    "LintSettings",
    "ReviewerSettings",
    "Settings",
    "find",
    "parse",
]

FILE = "weighlock.toml"
PROFILES = ("claude", "codex", "opencode", "gemini", "qwen", "copilot", "vibe")
_CHOICES = ("roles", "phases", "kinds")
_PARTS = ("agents", "budget", "gate", "limits", "lint", "notify", "sandbox", "trace")
_TABLES = frozenset((*_PARTS, *_CHOICES, *doors.TABLES))
"""What is read by a rule of its own."""
KINDS = ("acp", "command", "person", "scripted")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """One agent: how to start it and what it may be told."""

    name: str = ""
    """Its table's name, ``agents.<name>``."""
    kind: str = "acp"
    """acp, command, person or scripted."""
    profile: str = ""
    """For acp: which program; the agent's name when not given."""
    command: tuple[str, ...] = ()
    """For command: the program; for acp: in place of the profile's own."""
    model: str | None = None
    effort: str | None = None
    max_turns: int | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to the written-out environment; nothing else is inherited."""
    jobs: int | None = None
    """At most this many attempts of this agent at once."""
    login: Path | None = None
    """For acp: the folder of a login that the agent may use, ``~/.claude``."""
    script: Path | None = None
    """For scripted: what it plays, TOML or JSON."""
    sandbox: str | None = None
    """What it runs in, in place of ``sandbox.use``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to stop waiting."""

    phase_minutes: float = 120.0
    idle_minutes: float = 15.0
    prompt_tokens: int = 12_000
    """Budget of one prompt; evidence and context are trimmed to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSettings:
    """What ``lint`` reports; a rule is named by its number or its whole code."""

    ignore: tuple[str, ...] = ()
    """Rules that are not reported."""
    severity: Mapping[str, str] = field(default_factory=dict)
    """Rule → error, warning, info or off."""
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Glob, relative to the repository → rules that are not reported there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which agent, model and effort; None leaves the default."""

    agent: str | None = None
    model: str | None = None
    effort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a configuration can say."""

    agent: str | None = None
    """Default agent; None means the first found on PATH."""
    jobs: int = 2
    attempts: int = 3
    split: str = "deliverable"
    """One session for each deliverable of a phase, or one for the whole "phase"."""
    agents: Mapping[str, AgentSettings] = field(default_factory=dict)
    roles: Mapping[str, Choice] = field(default_factory=dict)
    """Owner named in the plan → choice."""
    phases: Mapping[str, Choice] = field(default_factory=dict)
    """Phase key → choice."""
    kinds: Mapping[str, Choice] = field(default_factory=dict)
    """Kind of phase → choice."""
    skills: tuple[str, ...] = ()
    gate: GateSettings = field(default_factory=GateSettings)
    limits: Limits = Limits()
    budget: BudgetSettings = field(default_factory=BudgetSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    lint: LintSettings = LintSettings()
    trace: TraceSettings = field(default_factory=TraceSettings)
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    providers: Mapping[str, doors.ProviderSettings] = field(default_factory=dict)
    buckets: tuple[doors.BucketSettings, ...] = ()
    oauth: Mapping[str, doors.OAuthSettings] = field(default_factory=dict)
    gateway: doors.GatewaySettings = field(default_factory=doors.GatewaySettings)
    source: Path | None = None
    """The file it was read from."""


def find(repo: Path, given: Path | None) -> Settings:
    """Read the configuration of a repository.

    Args:
        repo: The repository's root.
        given: From ``--config``; replaces the repository's own file.

    Raises:
        SettingsError: Unreadable, invalid TOML, unknown key, wrong type, or both
            ``weighlock.toml`` and ``[tool.weighlock]`` exist.
    """
    if given is not None:
        return parse(_toml(given), given)
    own, shared = repo / FILE, repo / "pyproject.toml"
    table: dict[str, Any] = {}
    if shared.is_file() and b"tool.weighlock" in shared.read_bytes():
        tools = _table(_toml(shared), "tool", str(shared))
        table = _table(tools, "weighlock", str(shared))
    if own.is_file() and table:
        raise SettingsError(
            f"both {FILE} and [tool.weighlock] in pyproject.toml configure weighlock",
            hint="keep one of them",
            where=str(repo),
        )
    if own.is_file():
        return parse(_toml(own), own)
    return parse(table, shared) if table else Settings()


def parse(data: Mapping[str, Any], source: Path) -> Settings:
    """Turn a TOML table into Settings.

    A path is relative to the folder of ``source``, and ``~`` is the user's home.
    """
    where = str(source)
    values = dict(data)
    agents = {
        name: _agent(name, table, source)
        for name, table in _table(values, "agents", where).items()
    }
    roles, phases, kinds = (_choices(values, k, where) for k in _CHOICES)
    phases = {normal(key) or key: choice for key, choice in phases.items()}
    for kind in kinds:
        one_of(kind, PHASE_KINDS, "a key of kinds", where)
    limits = fill(Limits, _table(values, "limits", where), "limits", where)
    lint = _lint(_table(values, "lint", where), where)
    rest = {k: v for k, v in values.items() if k not in _TABLES}
    settings = fill(Settings, rest, "", where)
    one_of(settings.split, ("deliverable", "phase"), "split", where)
    _one_or_more(settings.jobs, "jobs", where)
    _one_or_more(settings.attempts, "attempts", where)
    _one_or_more(limits.prompt_tokens, "limits.prompt_tokens", where)
    may_use = doors.access(values, source)
    served = tuple(dict.fromkeys(b.provider for b in may_use.buckets))
    return replace(
        settings,
        agents=agents,
        roles=roles,
        phases=phases,
        kinds=kinds,
        gate=gate(_table(values, "gate", where), where, source, served=served),
        limits=limits,
        budget=budget(_table(values, "budget", where), where),
        notify=notify(_table(values, "notify", where), where),
        lint=lint,
        trace=trace(_table(values, "trace", where), where),
        sandbox=sandbox(_table(values, "sandbox", where), where, source),
        providers=may_use.providers,
        buckets=may_use.buckets,
        oauth=may_use.oauth,
        gateway=may_use.gateway,
        source=source,
    )


def _toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise SettingsError(
            f"cannot be read: {error.strerror}", where=str(path)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"not valid TOML: {error}", where=str(path)) from error


def _table(values: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    found = values.get(key, {})
    if not isinstance(found, dict):
        raise SettingsError(f"{key} must be a table", where=where)
    return found


def _agent(name: str, table: object, source: Path) -> AgentSettings:
    where = str(source)
    if not isinstance(table, dict):
        raise SettingsError(f"agents.{name} must be a table", where=where)
    agent = fill(AgentSettings, table, f"agents.{name}", where)
    login, script = place(agent.login, source), place(agent.script, source)
    agent = replace(agent, name=name, login=login, script=script)
    _one_or_more(agent.jobs, f"agents.{name}.jobs", where)
    _one_or_more(agent.max_turns, f"agents.{name}.max_turns", where)
    one_of(agent.kind, KINDS, f"agents.{name}.kind", where)
    if agent.sandbox is not None:
        one_of(agent.sandbox, USES, f"agents.{name}.sandbox", where)
    if agent.kind == "command" and not agent.command:
        raise SettingsError(
            f"agents.{name} is of kind command but has no command", where=where
        )
    if agent.kind == "acp" and not agent.command:
        agent = replace(agent, profile=agent.profile or name)
        one_of(agent.profile, PROFILES, f"agents.{name}.profile", where)
    return agent


def _lint(table: Mapping[str, Any], where: str) -> LintSettings:
    found = fill(LintSettings, table, "lint", where)
    files = {
        glob: codes(rules, f'lint.files."{glob}"', where)
        for glob, rules in found.files.items()
    }
    return LintSettings(
        ignore=codes(found.ignore, "lint.ignore", where),
        severity=severities(found.severity, where),
        files=files,
    )


def _one_or_more(value: int | None, name: str, where: str) -> None:
    if value is not None and value < 1:
        raise SettingsError(f"{name} must be 1 or more", where=where)


def _choices(values: Mapping[str, Any], key: str, where: str) -> dict[str, Choice]:
    found = _table(values, key, where)
    return {
        name: _choice(value, f"{key}.{name}", where) for name, value in found.items()
    }


def _choice(value: object, name: str, where: str) -> Choice:
    if isinstance(value, str):
        return Choice(agent=value)
    if not isinstance(value, dict):
        raise SettingsError(f"{name} must be an agent's name or a table", where=where)
    return fill(Choice, value, name, where)
