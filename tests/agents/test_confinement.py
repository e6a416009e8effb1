"""What an agent can see and change: its workspace, its home, its program, the tools."""

from pathlib import Path

import pytest

from weighlock.agents.command import CommandAgent
from weighlock.agents.confinement import Confinement
from weighlock.config.sandbox import SandboxSettings
from weighlock.sandbox import bubblewrap

pytestmark = pytest.mark.skipif(
    not bubblewrap.works(), reason="no bubblewrap on this machine"
)


@pytest.fixture
def says(tmp_path: Path, make_order, work):
    """Run a shell script as an agent; return what it said."""
    (tmp_path / "agent").mkdir()

    def run(text: str, walls: Confinement | None = None) -> str:
        script = tmp_path / "agent" / "agent.sh"
        script.write_text(text)
        agent = CommandAgent(
            name="own",
            command=("sh", str(script)),
            walls=walls or Confinement(sandbox=SandboxSettings(use="bubblewrap")),
        )
        return work(agent, make_order()).said

    return run


def test_an_agent_changes_its_workspace_and_its_home(says, tmp_path: Path) -> None:
    assert says("echo 1 > made && echo 2 > ~/mine && ls") == "made"
    assert (tmp_path / "work" / "made").read_text() == "1\n"
    assert (tmp_path / "home" / "mine").read_text() == "2\n"


def test_an_agent_sees_what_lies_beside_its_program(says, tmp_path: Path) -> None:
    (tmp_path / "agent").joinpath("data").write_text("beside")
    assert says('cat "$(dirname "$0")/data"') == "beside"
    assert "Read-only" in says('echo x >> "$0"')


def test_an_agent_sees_nothing_beside_its_workspace(says, tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text("{}\n")
    assert "No such file" in says(f"cat {tmp_path}/journal.jsonl 2>&1")
    assert "No such file" in says(f"echo x >> {tmp_path}/state/journal.jsonl 2>&1") or (
        not (tmp_path / "state").exists()
    )
    assert (tmp_path / "journal.jsonl").read_text() == "{}\n"


def test_what_is_hidden_beside_a_program_stays_hidden(says, tmp_path: Path) -> None:
    oracle = tmp_path / "agent" / "probes.toml"
    oracle.write_text("expected")
    walls = Confinement(hides=(oracle,))
    assert "expected" not in says(f"cat {oracle}", walls)


def test_an_agent_has_the_network(says) -> None:
    """Its model lies there; without a namespace of its own it sees our interfaces."""
    ours = set(Path("/proc/net/dev").read_text().split()[0::1])
    assert set(says("cat /proc/net/dev").split()) & ours


def test_an_agent_may_be_let_out_by_the_configuration(says, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("seen")
    walls = Confinement(sandbox=SandboxSettings(use="none"))
    assert says(f"cat {tmp_path}/outside", walls) == "seen"
