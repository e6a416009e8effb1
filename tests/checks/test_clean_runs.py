"""Checkouts of the gate: fresh, bounded by the tree, and no oftener than needed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import PYTEST, Project, codes, phase

from weighlock.checks.place.checkout import check_out, write
from weighlock.config.sandbox import SandboxSettings


@pytest.mark.slow
def test_the_run_that_passed_is_the_next_phase_s_run_at_base(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    test = f"from a import f\n\n\ndef test_f():\n    open('{log}', 'a').write('x')\n"
    files = {
        "a.py": "def f(): return 1\n",
        "tests/test_a.py": f"{test}    assert f()\n",
    }
    made = project(files, phase("01", files="~a.py"), test=PYTEST)
    made.sandbox = SandboxSettings(write=(str(tmp_path),))
    first = made.deliver({"a.py": "def f(): return 2\n"})
    assert made.weigh({"a.py": "def f(): return 2\n"}).verdict == "pass"
    assert log.read_text() == "x" * 3  # at base, delivered, and made to fail
    made.base = first.head
    assert made.weigh({"a.py": "def f(): return 3\n"}).verdict == "pass"
    assert log.read_text() == "x" * 5


def test_a_checkout_borrows_objects_and_no_configuration(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    made = project({"a.txt": "a\n", ".gitattributes": "* filter=evil\n"})
    made.git.run("config", "filter.evil.smudge", "false")
    made.git.run("config", "filter.evil.required", "true")
    check_out(made.git, made.base, tmp_path / "tree")
    assert (tmp_path / "tree/a.txt").read_text() == "a\n"
    assert "evil" not in (tmp_path / "tree/.git/config").read_text()


def test_nothing_is_written_through_a_delivered_link(tmp_path: Path) -> None:
    outside, tree = tmp_path / "outside", tmp_path / "tree"
    outside.mkdir()
    tree.mkdir()
    (tree / "tests").symlink_to(outside)
    write(tree, "tests/test_a.py", b"x")
    assert list(outside.iterdir()) == []


@pytest.mark.slow
def test_a_folder_of_tests_that_is_a_link_out_is_unsafe(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    test = "def test_a():\n    assert 1 < 2\n"
    made = project({"a.py": "x = 1\n", "tests/test_a.py": test}, test=PYTEST)

    def link(root: Path) -> None:
        (root / "tests/test_a.py").unlink()
        (root / "tests").rmdir()
        (root / "tests").symlink_to(outside)

    verdict = made.weigh(link)
    assert {"unsafe-path", "test-removed"} <= codes(verdict)
    assert list(outside.iterdir()) == []
