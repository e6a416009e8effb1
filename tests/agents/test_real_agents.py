"""The real programs, over ACP, against a scripted model: the acceptance test.

``make test-agents`` installs the pinned packages and runs this.
"""

import tomllib
from pathlib import Path

import pytest

from weighlock.agents.acp import AcpAgent
from weighlock.config import parse

pytestmark = pytest.mark.agents

NAMES = ("claude", "codex", "opencode", "gemini")
WORK = [
    {"write": "hello.py", "text": "print('hello from the script')\n"},
    {"run": "python3 hello.py > out.txt"},
    {"say": "All done: hello.py works."},
]


@pytest.fixture
def real(scripted_model, real_settings, make_order, work):
    """Let a real agent work on the model's steps; return outcome and model."""

    def run(name, steps, **given):
        model = scripted_model([{"when": "", "steps": steps}])
        agent = AcpAgent(settings=real_settings(name, model))
        assert agent.available() is None
        limits = {"deadline_s": 120.0, "idle_s": 60.0, **given}
        return work(agent, make_order(**limits)), model

    return run


@pytest.mark.parametrize("name", NAMES)
def test_a_real_agent_writes_a_file_and_runs_a_command(name, real, tmp_path, seen):
    outcome, model = real(name, WORK)
    log = (tmp_path / "logs/03-1.log").read_text()
    assert (outcome.ending, outcome.detail) == ("ended", "end_turn"), log
    assert outcome.said == "All done: hello.py works."
    assert (tmp_path / "work/out.txt").read_text() == "hello from the script\n", log
    assert any("hello.py" in what for what in seen.activities)
    assert {r["cwd"] for r in model.requests() if not r["side"]} == {
        str(tmp_path / "work")
    }
    left = {p.name for p in (tmp_path / "work").iterdir()}
    assert left == {"hello.py", "out.txt"}


@pytest.mark.parametrize("name", NAMES)
def test_a_real_agent_whose_model_refuses_did_not_succeed(name, real, tmp_path):
    outcome, _ = real(name, [{"status": 401}])
    assert outcome.said != WORK[-1]["say"]
    assert not (tmp_path / "work/hello.py").exists()
    # OpenCode does not tell the status to its client.
    assert outcome.ending == ("crashed" if name == "opencode" else "unavailable")


@pytest.mark.parametrize("name", NAMES)
def test_a_real_agent_that_waits_is_ended_with_all_it_started(name, real, tmp_path):
    steps = [{"run": "setsid sleep 300 & touch started; sleep 300"}, {"say": "up"}]
    outcome, _ = real(name, steps, deadline_s=13.0)
    assert (tmp_path / "work/started").exists()
    # Codex leaves a long command in the background and ends its turn.
    assert outcome.ending == ("ended" if name == "codex" else "timed-out")


@pytest.mark.parametrize("name", NAMES)
def test_the_configuration_can_be_written_down(name, real_toml, scripted_model):
    text = real_toml(name, scripted_model([]))
    settings = parse(tomllib.loads(text), Path("weighlock.toml"))
    assert settings.agents[settings.agent or ""].profile == name


@pytest.mark.parametrize("name", ["codex"])
def test_an_error_told_beside_the_protocol_is_in_the_detail(name, real):
    outcome, _ = real(name, [{"status": 500}])
    assert outcome.ending == "ended"
    assert "it reports:" in outcome.detail
