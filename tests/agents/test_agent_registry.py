"""Settings in, agent out."""

import os
import subprocess
import sys

import pytest

from weighlock.agents.registry import first_found, make, named
from weighlock.config import AgentSettings, parse
from weighlock.errors import SettingsError


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    """Make PATH one folder that holds only the named programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(*names):
        for name in names:
            (folder / name).write_text("#!/bin/sh\n")
            (folder / name).chmod(0o755)

    return put


def test_the_first_agent_on_the_path_is_the_default(on_path):
    on_path("opencode", "gemini")
    agent = first_found()
    assert agent is not None
    assert agent.name == "opencode"


def test_without_any_program_there_is_no_default(on_path):
    on_path()
    assert first_found() is None


def test_the_settings_of_a_found_agent_are_used(on_path):
    on_path("claude-agent-acp")
    settings = AgentSettings(name="claude", profile="claude", model="m")
    agent = first_found({"claude": settings})
    assert agent is not None
    assert agent.settings.model == "m"


def test_a_missing_program_says_what_to_install(on_path):
    on_path()
    settings = named("codex")
    assert settings is not None
    why = make(settings).available()
    assert "npm install -g @agentclientprotocol/codex-acp@2.6.0" in (why or "")


def test_a_program_beside_node_is_found(on_path, tmp_path, monkeypatch):
    on_path("codex-acp", "node")
    links = tmp_path / "links"
    links.mkdir()
    (links / "node").symlink_to(tmp_path / "bin/node")
    monkeypatch.setenv("PATH", str(links))
    settings = named("codex")
    assert settings is not None
    assert make(settings).available() is None


def test_a_login_folder_without_a_login_says_so(on_path, tmp_path):
    on_path("claude-agent-acp")
    settings = AgentSettings(name="claude", profile="claude", login=tmp_path)
    assert ".credentials.json" in (make(settings).available() or "")


def test_a_scripted_agent_needs_a_script():
    with pytest.raises(SettingsError, match="no script"):
        make(AgentSettings(name="fake", kind="scripted"))


def test_paths_of_a_configuration_are_relative_to_it(tmp_path, make_order, work):
    (tmp_path / "play.toml").write_text('[[turn]]\nacts = [{ say = "hi" }]\n')
    table = {"agents": {"fake": {"kind": "scripted", "script": "play.toml"}}}
    settings = parse(table, tmp_path / "weighlock.toml")
    agent = make(settings.agents["fake"], folder=tmp_path)
    assert work(agent, make_order()).said == "hi"


def test_every_kind_can_be_made():
    commands = {"acp": ("x",), "command": ("x",)}
    for kind in ("acp", "command", "person", "scripted"):
        settings = AgentSettings(
            name=f"my {kind}", kind=kind, command=commands.get(kind, ())
        )
        assert make(settings, play=lambda _: ()).name == f"my {kind}"


def test_no_sdk_is_imported_until_an_acp_agent_works():
    code = (
        "import sys; from weighlock.agents.registry import make, named;"
        "make(named('claude')).available();"
        "print([m for m in ('acp', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
