"""What a program can see and change from inside, whatever the walls are made of."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from weighlock.errors import UncheckableError
from weighlock.process import Finished, run, written_env
from weighlock.sandbox import Walls, bubblewrap, confined, fence, kind
from weighlock.sandbox.toolchain import toolchains

WORKING = [
    pytest.param(
        name, marks=pytest.mark.skipif(not works(), reason=f"no {name} on this machine")
    )
    for name, works in (("bubblewrap", bubblewrap.works), ("landlock", fence.works))
]
every_kind = pytest.mark.parametrize("use", WORKING)


class Inside:
    """A tree and a home inside the walls, and things beside them that are not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree, self.home = folder / "tree", folder / "home"
        for place in (self.tree, self.home / "tmp", folder / "lent"):
            place.mkdir(parents=True)
        (folder / "secret").write_text("the answer")
        (folder / "lent" / "kept").write_text("lent")
        (folder / "lent" / "oracle").write_text("expected")

    def sh(self, line: str, use: str, **more: object) -> Finished:
        walls = Walls(
            read=(self.folder / "lent",),
            write=(self.tree, self.home),
            hide=(self.folder / "lent" / "oracle",),
            **more,  # type: ignore[arg-type]
        )
        env = written_env(self.home)
        words = confined(
            ["/bin/sh", "-c", line], walls, cwd=self.tree, env=env, use=use
        )
        return asyncio.run(run(words, cwd=self.tree, env=env, timeout_s=30))


@pytest.fixture
def inside(tmp_path_factory: pytest.TempPathFactory) -> Inside:
    return Inside(tmp_path_factory.mktemp("walls"))


@every_kind
def test_the_tree_and_the_home_can_be_changed(inside: Inside, use: str) -> None:
    done = inside.sh("echo made > new && cat new && touch ~/mine", use)
    assert (done.exit_code, done.stdout) == (0, b"made\n")
    assert (inside.tree / "new").read_text() == "made\n"
    assert (inside.home / "mine").is_file()


@every_kind
def test_what_is_lent_can_be_read_and_not_changed(inside: Inside, use: str) -> None:
    lent = inside.folder / "lent"
    assert inside.sh(f"cat {lent}/kept", use).stdout == b"lent"
    assert inside.sh(f"echo more >> {lent}/kept", use).exit_code != 0
    assert inside.sh(f"touch {lent}/new", use).exit_code != 0
    assert (lent / "kept").read_text() == "lent"


@every_kind
def test_what_is_hidden_stays_hidden_in_what_is_lent(inside: Inside, use: str) -> None:
    done = inside.sh(f"cat {inside.folder}/lent/oracle", use)
    assert b"expected" not in done.stdout


@every_kind
def test_a_home_is_not_seen(inside: Inside, use: str, tmp_path: Path) -> None:
    home = Path.home()
    names = {p.name for p in home.iterdir()} if home.is_dir() else set()
    seen = set(inside.sh(f"ls -A {home}", use).stdout.decode().split())
    tools = {
        p.relative_to(home).parts[0]
        for p in toolchains(written_env(tmp_path)["PATH"])
        if p.is_relative_to(home)
    }
    assert seen & names <= tools


def test_what_lies_beside_the_tree_does_not_exist(inside: Inside) -> None:
    if not bubblewrap.works():
        pytest.skip("no bubblewrap on this machine")
    done = inside.sh(f"ls {inside.folder}", "bubblewrap")
    assert set(done.stdout.decode().split()) == {"tree", "home", "lent"}


@every_kind
def test_the_system_cannot_be_changed(inside: Inside, use: str) -> None:
    assert inside.sh("echo x > /usr/weighlock-was-here", use).exit_code != 0
    assert not Path("/usr/weighlock-was-here").exists()


@every_kind
def test_a_server_on_loopback_answers(inside: Inside, use: str) -> None:
    code = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(s.getsockname()); print('answered')"
    )
    done = inside.sh(f'python3 -c "{code}"', use)
    assert done.stdout == b"answered\n", done.stderr


@every_kind
def test_a_server_outside_is_not_reached_without_a_network(
    inside: Inside, use: str
) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"
        alone = inside.sh(f'python3 -c "{code}"', use)
        shared = inside.sh(f'python3 -c "{code}"', use, network=True)
    assert (alone.exit_code, shared.exit_code) == (1, 0), shared.stderr


@every_kind
def test_git_works_inside(inside: Inside, use: str) -> None:
    done = inside.sh("git init -q . && touch a && git status --short", use)
    assert done.stdout == b"?? a\n", done.stderr


@every_kind
def test_a_link_out_of_the_tree_leads_nowhere(inside: Inside, use: str) -> None:
    (inside.tree / "link").symlink_to(inside.folder / "secret")
    assert b"answer" not in inside.sh("cat link", use).stdout


@every_kind
def test_the_exit_code_is_the_program_s_own(inside: Inside, use: str) -> None:
    assert inside.sh("exit 7", use).exit_code == 7


def test_what_ran_inside_ends_with_it(inside: Inside) -> None:
    if not bubblewrap.works():
        pytest.skip("no bubblewrap on this machine")
    line = "setsid sh -c 'while :; do date +%s%N > alive; done' > /dev/null 2>&1 &"
    assert (
        inside.sh(f"{line} until test -s alive; do :; done", "bubblewrap").exit_code
        == 0
    )
    last = (inside.tree / "alive").read_bytes()
    subprocess.run(["sync"], check=True)
    assert (inside.tree / "alive").read_bytes() == last


def test_the_best_that_works_is_taken() -> None:
    best = next(
        (
            n
            for n, w in (("bubblewrap", bubblewrap.works), ("landlock", fence.works))
            if w()
        ),
        "none",
    )
    assert kind("auto") == best


def test_without_a_sandbox_the_command_is_what_it_was(tmp_path: Path) -> None:
    words = confined(["/bin/true"], Walls(), cwd=tmp_path, env={}, use="none")
    assert words == ["/bin/true"]


def test_a_sandbox_that_is_asked_for_and_does_not_work_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    kind.cache_clear()
    with pytest.raises(UncheckableError, match="bubblewrap does not work"):
        kind("bubblewrap")
    kind.cache_clear()


def test_a_program_on_the_path_brings_what_it_was_installed_with(
    tmp_path: Path,
) -> None:
    real = tmp_path / "versions" / "9" / "bin" / "tool"
    real.parent.mkdir(parents=True)
    real.write_text("#!/bin/sh\n")
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims" / "tool").symlink_to(real)
    found = toolchains(str(tmp_path / "shims"))
    assert {tmp_path / "shims", tmp_path / "versions" / "9"} <= set(found)


def test_a_folder_of_programs_in_a_home_brings_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".local" / "bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    found = toolchains(f"{tmp_path}/bin:{tmp_path}/.local/bin")
    assert {tmp_path / "bin", tmp_path / ".local" / "bin"} <= set(found)
    assert not {tmp_path, tmp_path / ".local"} & set(found)


def test_an_npm_program_brings_its_node_modules(tmp_path: Path) -> None:
    modules = tmp_path / "project" / "node_modules"
    (modules / "agent" / "dist").mkdir(parents=True)
    (modules / ".bin").mkdir()
    (modules / "agent" / "dist" / "main.js").write_text("//")
    (modules / ".bin" / "agent").symlink_to("../agent/dist/main.js")
    assert modules in toolchains(str(modules / ".bin"))


def test_landlock_runs_from_a_file_of_its_own() -> None:
    """It starts under an isolated Python that sees no package of ours."""
    words = fence.words(["/bin/true"], Walls(), [], Path("/"))
    assert words[1:3] == ["-I", "-S"]
    assert json.loads(words[4])["cwd"] == "/"
    assert shutil.which(words[0])
