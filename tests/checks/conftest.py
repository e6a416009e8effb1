"""Make small real projects; the tools to do so are importable as ``tests_checks``."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "tests_checks", Path(__file__).with_name("tests_checks.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
tests_checks = importlib.util.module_from_spec(_SPEC)
sys.modules["tests_checks"] = tests_checks
_SPEC.loader.exec_module(tests_checks)


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One scratch folder, so that equal bases are run once."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture
def project(tmp_path: Path, scratch: Path) -> Callable[..., object]:
    """Make a repository from files; phases and settings as given."""

    def make(files: dict[str, str], *phases: object, **settings: object) -> object:
        return tests_checks.make(tmp_path / "repo", scratch, files, phases, settings)

    return make
