"""What each agent needs to work alone: program, files, environment, mode.

Measured against the pinned version of each package (docs/agents.md).  An agent starts
in a home of its own with an environment that is written out, so a profile says
everything that the agent may know: no prompts, no telemetry, no updates, where the
model is.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROVIDER = "weighlock"
"""Name of the model provider that is written where a base URL is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a conversation asks of a profile."""

    home: Path
    env: Mapping[str, str]
    """The configured environment: keys, base URLs."""
    model: str | None = None
    effort: str | None = None
    max_turns: int | None = None
    login: bool = False
    """Whether the person's own login is linked into the home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What a profile makes of a wish."""

    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Path under the home → text."""
    args: tuple[str, ...] = ()
    auth: str | None = None
    """ACP method to authenticate with."""
    options: Mapping[str, str] = field(default_factory=dict)
    """ACP config options to set where the session offers them."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Extension fields of ``session/new``."""
    unmet: tuple[str, ...] = ()
    """Wishes that this agent has no setting for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One agent as data, and the one function that its settings need."""

    program: str
    package: str
    """Name and the version that was tried."""
    kit: Callable[[Wish], Kit]
    args: tuple[str, ...] = ()
    mode: str | None = None
    """ACP session mode in which the agent asks for nothing."""
    login: Mapping[str, str] = field(default_factory=dict)
    """File in the folder that ``login`` names → path under the agent's home."""
    installer: str = "npm install -g"


def dump(data: object) -> str:
    """Return data as the text of a JSON or TOML value."""
    return json.dumps(data, indent=1)


def _unmet(wish: Wish, *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(wish, name) is not None)


def _claude(wish: Wish) -> Kit:
    quiet = (
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
        "DISABLE_AUTOUPDATER",
        "DISABLE_TELEMETRY",
        "DISABLE_ERROR_REPORTING",
    )
    env = dict.fromkeys(quiet, "1")
    env |= {
        "CLAUDE_CONFIG_DIR": str(wish.home / ".claude"),
        "CLAUDE_CODE_MAX_RETRIES": "2",
    }
    if wish.model:
        env["ANTHROPIC_MODEL"] = wish.model
    if os.geteuid() == 0:  # as root the mode below exists only with this
        env["IS_SANDBOX"] = "1"
    turns = {"maxTurns": wish.max_turns} if wish.max_turns else {}
    return Kit(
        env=env,
        options={"effort": wish.effort} if wish.effort else {},
        meta={"claudeCode": {"options": turns}} if turns else {},
    )


def _codex(wish: Wish) -> Kit:
    base = wish.env.get("OPENAI_BASE_URL")
    config = [
        f"model = {dump(wish.model)}" if wish.model else "",
        f"model_reasoning_effort = {dump(wish.effort)}" if wish.effort else "",
        f"model_provider = {dump(PROVIDER)}" if base else "",
        'approval_policy = "never"',
        'sandbox_mode = "danger-full-access"',
        "check_for_update_on_startup = false",
        'web_search = "disabled"',
        "[analytics]\nenabled = false",
        "[feedback]\nenabled = false",
        "[features]\nplugins = false\napps = false",
    ]
    if base:
        config.append(
            f"[model_providers.{PROVIDER}]\n"
            f"name = {dump(PROVIDER)}\n"
            f"base_url = {dump(base)}\n"
            'env_key = "OPENAI_API_KEY"\nwire_api = "responses"\n'
            "supports_websockets = false\n"
            "request_max_retries = 2\nstream_max_retries = 1"
        )
    keyed = {"CODEX_API_KEY", "OPENAI_API_KEY"} & set(wish.env)
    return Kit(
        env={"CODEX_HOME": str(wish.home / ".codex"), "NO_BROWSER": "1"},
        files={".codex/config.toml": "\n".join(line for line in config if line) + "\n"},
        auth="api-key" if keyed and not base and not wish.login else None,
        unmet=_unmet(wish, "max_turns"),
    )


def _opencode(wish: Wish) -> Kit:
    base = wish.env.get("OPENAI_BASE_URL")
    config: dict[str, object] = {
        "$schema": "https://opencode.ai/config.json",
        "autoupdate": False,
        "share": "disabled",
        "permission": {"*": "allow"},
    }
    if base:
        model = wish.model or "default"
        full = f"{PROVIDER}/{model}"
        config |= {"model": full, "small_model": full, "enabled_providers": [PROVIDER]}
        options = {"baseURL": base, "apiKey": "{env:OPENAI_API_KEY}"}
        config["provider"] = {
            PROVIDER: {
                "npm": "@ai-sdk/openai-compatible",
                "name": PROVIDER,
                "options": options,
                "models": {model: {"name": model}},
            }
        }
    elif wish.model:
        config["model"] = wish.model
    quiet = ("AUTOUPDATE", "LSP_DOWNLOAD", "DEFAULT_PLUGINS")
    env = {f"OPENCODE_DISABLE_{name}": "1" for name in quiet}
    if base:  # its own list of models is needed only for its own providers
        env["OPENCODE_DISABLE_MODELS_FETCH"] = "1"
    return Kit(
        env={**env, "OPENCODE_CONFIG": str(wish.home / "opencode.json")},
        files={"opencode.json": dump(config)},
        unmet=_unmet(wish, "effort", "max_turns"),
    )


def _family(wish: Wish, folder: str, auth: str) -> Kit:
    """Serve Gemini CLI and Qwen Code, which grew out of it."""
    model = {"name": wish.model} if wish.model else {}
    turns = {"maxSessionTurns": wish.max_turns} if wish.max_turns else {}
    settings = {
        "security": {"auth": {"selectedType": auth}, "folderTrust": {"enabled": False}},
        "privacy": {"usageStatisticsEnabled": False},
        "telemetry": {"enabled": False},
        "general": {
            "enableAutoUpdate": False,
            "enableAutoUpdateNotification": False,
            "disableAutoUpdate": True,
            "disableUpdateNag": True,
            "maxAttempts": 3,
        },
        "model": {**model, **turns},
    }
    return Kit(
        files={f"{folder}/settings.json": dump(settings)},
        args=("-m", wish.model) if wish.model else (),
        auth=auth,
        unmet=_unmet(wish, "effort"),
    )


def _gemini(wish: Wish) -> Kit:
    auth = "oauth-personal" if wish.login else "gemini-api-key"
    kit = _family(wish, ".gemini", auth)
    env = {"GEMINI_CLI_TRUST_WORKSPACE": "true"}
    return Kit(env=env, files=kit.files, args=kit.args, auth=kit.auth, unmet=kit.unmet)


def _qwen(wish: Wish) -> Kit:
    kit = _family(wish, ".qwen", "qwen-oauth" if wish.login else "openai")
    env = {"OPENAI_MODEL": wish.model} if wish.model else {}
    return Kit(env=env, files=kit.files, args=kit.args, auth=kit.auth, unmet=kit.unmet)


def _copilot(wish: Wish) -> Kit:
    env = {
        "COPILOT_HOME": str(wish.home / ".copilot"),
        "COPILOT_AUTO_UPDATE": "false",
    }
    if "COPILOT_PROVIDER_BASE_URL" in wish.env:
        env |= {"COPILOT_PROVIDER_TYPE": "openai", "COPILOT_OFFLINE": "true"}
    if wish.model:
        env["COPILOT_MODEL"] = wish.model
    return Kit(env=env, unmet=_unmet(wish, "effort", "max_turns"))


def _vibe(wish: Wish) -> Kit:
    config = [
        f"active_model = {dump(wish.model)}" if wish.model else "",
        "enable_telemetry = false",
        "enable_update_checks = false",
        "enable_auto_update = false",
    ]
    trust = "trusted = []\nuntrusted = []\n"
    return Kit(
        env={"VIBE_HOME": str(wish.home / ".vibe")},
        files={
            ".vibe/config.toml": "\n".join(line for line in config if line) + "\n",
            ".vibe/trusted_folders.toml": trust,
        },
        unmet=_unmet(wish, "effort", "max_turns"),
    )


PROFILES: Mapping[str, Profile] = {
    "claude": Profile(
        program="claude-agent-acp",
        package="@agentclientprotocol/claude-agent-acp@0.100.0",
        kit=_claude,
        mode="bypassPermissions",
        login={".credentials.json": ".claude/.credentials.json"},
    ),
    "codex": Profile(
        program="codex-acp",
        package="@agentclientprotocol/codex-acp@2.6.0",
        kit=_codex,
        mode="agent-full-access",
        login={"auth.json": ".codex/auth.json"},
    ),
    "opencode": Profile(
        program="opencode",
        package="opencode-ai@1.18.33",
        kit=_opencode,
        args=("acp",),
        login={"auth.json": ".local/share/opencode/auth.json"},
    ),
    "gemini": Profile(
        program="gemini",
        package="@google/gemini-cli@0.61.0",
        kit=_gemini,
        args=("--acp", "--approval-mode", "yolo"),
        login={
            "oauth_creds.json": ".gemini/oauth_creds.json",
            "google_accounts.json": ".gemini/google_accounts.json",
        },
    ),
    "qwen": Profile(
        program="qwen",
        package="@qwen-code/qwen-code@0.24.4",
        kit=_qwen,
        args=("--acp", "--approval-mode", "yolo"),
        login={"oauth_creds.json": ".qwen/oauth_creds.json"},
    ),
    "copilot": Profile(
        program="copilot",
        package="@github/copilot@1.0.102",
        kit=_copilot,
        args=("--acp", "--allow-all"),
        login={"config.json": ".copilot/config.json"},
    ),
    "vibe": Profile(
        program="vibe-acp",
        package="mistral-vibe==3.0.2",
        installer="pip install",
        kit=_vibe,
        mode="auto-approve",
        login={".env": ".vibe/.env"},
    ),
}
