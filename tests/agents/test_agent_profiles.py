"""What each profile writes for its agent."""

import json
import tomllib
from pathlib import Path

import pytest

from weighlock.agents.outfit import dress
from weighlock.agents.profiles import PROFILES
from weighlock.agents.veil import Veil, in_env, in_login
from weighlock.config import PROFILES as NAMES
from weighlock.config import AgentSettings

BASE = {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_API_KEY": "k-123456"}


@pytest.fixture
def outfit(make_order):
    def make(name, order=None, **given):
        settings = AgentSettings(name=name, profile=name, **given)
        return dress(settings, make_order(**(order or {})))

    return make


def test_the_configuration_knows_the_same_profiles():
    assert set(PROFILES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_agent_keeps_its_files_in_its_own_home(outfit, name, tmp_path):
    dressed = outfit(name, model="m", effort="high", max_turns=5, env=BASE)
    assert dressed.env["HOME"] == str(tmp_path / "home")
    places = [
        v for k, v in dressed.env.items() if k.endswith(("_HOME", "_DIR", "_CONFIG"))
    ]
    assert all(Path(place).is_relative_to(tmp_path / "home") for place in places)
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_configured_environment_wins_over_the_profiles(outfit, name):
    own = outfit(name).kit.env
    key = next(iter(own), "EXTRA")
    assert outfit(name, env={key: "mine"}).env[key] == "mine"


def test_codex_reaches_a_given_base_url(outfit, tmp_path):
    outfit("codex", env=BASE, model='m"1', effort="low")
    config = tomllib.loads((tmp_path / "home/.codex/config.toml").read_text())
    provider = config["model_providers"][config["model_provider"]]
    assert provider["base_url"] == BASE["OPENAI_BASE_URL"]
    assert (config["model"], config["model_reasoning_effort"]) == ('m"1', "low")
    assert config["features"] == {"plugins": False, "apps": False}


def test_codex_uses_its_own_provider_without_one(outfit, tmp_path):
    dressed = outfit("codex", env={"OPENAI_API_KEY": "k-123456"})
    config = tomllib.loads((tmp_path / "home/.codex/config.toml").read_text())
    assert "model_provider" not in config
    assert dressed.kit.auth == "api-key"


def test_no_key_is_written_into_a_file(outfit, tmp_path):
    for name in NAMES:
        outfit(name, env={**BASE, "GEMINI_API_KEY": "k-123456"})
    files = [p for p in (tmp_path / "home").rglob("*") if p.is_file()]
    assert files
    assert not [p for p in files if "k-123456" in p.read_text()]


def test_opencode_reaches_a_given_base_url(outfit, tmp_path):
    outfit("opencode", env=BASE, model="m")
    config = json.loads((tmp_path / "home/opencode.json").read_text())
    assert config["model"] == "weighlock/m"
    options = config["provider"]["weighlock"]["options"]
    assert options["baseURL"] == BASE["OPENAI_BASE_URL"]


def test_the_order_decides_the_model_over_the_configuration(outfit):
    assert outfit("claude", model="a").env["ANTHROPIC_MODEL"] == "a"
    ordered = outfit("claude", order={"model": "b"}, model="a")
    assert ordered.env["ANTHROPIC_MODEL"] == "b"


def test_a_wish_that_an_agent_cannot_meet_is_told(outfit):
    assert outfit("opencode", effort="high").kit.unmet == ("effort",)


def test_a_login_is_linked_so_that_renewals_reach_it(outfit, tmp_path):
    login = tmp_path / "mine"
    login.mkdir()
    (login / "auth.json").write_text('{"tokens": {"access": "%s"}}' % ("t" * 40))
    dressed = outfit("codex", login=login)
    assert (tmp_path / "home/.codex/auth.json").resolve() == login / "auth.json"
    assert "t" * 40 not in dressed.veil.over(f"cat: {'t' * 40}")


def test_gemini_takes_a_key_unless_a_login_is_given(outfit, tmp_path):
    assert outfit("gemini").kit.auth == "gemini-api-key"
    (tmp_path / "oauth_creds.json").write_text("{}")
    assert outfit("gemini", login=tmp_path).kit.auth == "oauth-personal"


def test_a_veil_hides_secrets_by_name_and_in_urls():
    env = {"MY_TOKEN": "abc123xyz", "MODEL": "gpt", "PROXY": "http://u:pa55word@h:1"}
    text = Veil(in_env(env)).over("abc123xyz gpt http://u:pa55word@h:1")
    assert text == "[hidden] gpt http://u:[hidden]@h:1"


def test_a_veil_without_secrets_changes_nothing():
    assert Veil().over("plain text") == "plain text"


def test_a_login_in_lines_is_read_too(tmp_path):
    (tmp_path / ".env").write_text(f"MISTRAL_API_KEY='{'k' * 32}'\nSHORT=no\n")
    assert list(in_login(tmp_path / ".env")) == ["k" * 32]
