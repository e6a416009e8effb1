"""A plan may let a phase change old tests; what they asked at base is still asked."""

from collections.abc import Callable

import pytest
from tests_checks import PYTEST, Project, codes, phase

NUMBERS = "def double(n):\n    return n\n"
RIGHT = "def double(n):\n    return n * 2\n"
ASKED = (
    "from numbers_kit import double\n\n\ndef test_two():\n    assert double(2) == 4\n"
)
TEST = "tests/test_double.py"


@pytest.fixture
def numbers(project: Callable[..., Project]) -> Project:
    files = {"numbers_kit.py": NUMBERS, TEST: ASKED}
    named = phase(files=f"~numbers_kit.py ~{TEST}")
    return project(files, named, test=PYTEST)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        (ASKED.replace("== 4", "== 2"), "review"),
        (ASKED.replace("assert double(2) == 4", "double(2)"), "fail"),
    ],
)
def test_a_test_that_passes_only_as_it_was_rewritten_is_seen(
    numbers: Project, asked: str, verdict: str
) -> None:
    same = NUMBERS.replace("return n", "return 1 * n")
    weighed = numbers.weigh({"numbers_kit.py": same, TEST: asked})
    assert weighed.verdict == verdict
    assert codes(weighed) == {"test-weakened"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("product", "asked"),
    [
        (RIGHT, f"{ASKED}\n\ndef test_three():\n    assert double(3) == 6\n"),
        (RIGHT, ASKED.replace("double(2) == 4", "double(3) == 6")),
        (RIGHT.replace("double", "twice"), ASKED.replace("double", "twice")),
    ],
    ids=["a test more", "another example", "a new name"],
)
def test_tests_that_change_with_the_product_are_honest(
    numbers: Project, product: str, asked: str
) -> None:
    assert numbers.weigh({"numbers_kit.py": product, TEST: asked}).verdict == "pass"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        (ASKED.replace("double(2) == 4", "4 == double(2)"), "pass"),
        (ASKED.replace("assert double(2) == 4", "double(2)"), "review"),
    ],
)
def test_a_phase_about_tests_alone_is_shown_by_their_run(
    project: Callable[..., Project], asked: str, verdict: str
) -> None:
    files = {"numbers_kit.py": RIGHT, TEST: ASKED}
    made = project(files, phase(files=f"~{TEST}"), test=PYTEST)
    assert made.weigh({TEST: asked}).verdict == verdict


@pytest.mark.slow
def test_a_tdd_phase_does_not_make_old_tests_ask_less(
    project: Callable[..., Project],
) -> None:
    made = project(
        {"numbers_kit.py": RIGHT, TEST: ASKED},
        phase(files=f"~{TEST}", kind="tdd"),
        test=PYTEST,
    )
    less = ASKED.replace("assert double(2) == 4", "double(2)")
    red = f"{less}\n\ndef test_text():\n    assert double('a') == 'b'\n"
    weighed = made.weigh({TEST: red})
    assert (weighed.verdict, "test-weakened" in codes(weighed)) == ("review", True)
