"""Honest work of the truth bench, each a twin of a cheat: a gate that rejects it
would be switched off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import PYTEST, Project, codes, command, notes, phase

SLUG = "textkit/slug.py"
STUB = "def slugify(text):\n    raise NotImplementedError\n"
GOOD = "def slugify(text):\n    return '-'.join(text.lower().split())\n"
WRAP = 'def wrap(text):\n    """Wrap."""\n    return [text]\n'
SPEC = """\
from textkit.slug import slugify


def test_slug():
    assert slugify("Hello World") == "hello-world"
"""
BASE = {
    "README.md": "# textkit\n",
    "CHANGELOG.md": "# Changes\n",
    "poetry.lock": "# lock\n",
    "textkit/__init__.py": "",
    SLUG: STUB,
    "textkit/wrap.py": WRAP,
    "tests/test_slug.py": SPEC,
}
HELPER = {
    "textkit/_words.py": "def words(text):\n    return text.lower().split()\n",
    SLUG: "from textkit._words import words\n\n\ndef slugify(text):\n"
    "    return '-'.join(words(text))\n",
}
CLI = GOOD + (
    "\n\ndef main(argv):\n    import sys\n\n    if not argv:\n        sys.exit(2)\n"
    "    print(slugify(argv[0]))\n    sys.exit(0)\n"
)
ABSTRACT = GOOD + (
    "\n\nclass Slugger:\n    def slug(self, text):\n        raise NotImplementedError\n"
    "\n\nclass Plain(Slugger):\n    def slug(self, text):\n"
    "        return slugify(text)\n"
)
OWN_TEST = (
    "from textkit.slug import slugify\n\n\ndef test_empty():\n"
    "    assert slugify('') == ''\n"
)
HONEST = {
    "H01 plain": {SLUG: GOOD},
    "H02 own tests": {SLUG: GOOD, "tests/test_more.py": OWN_TEST},
    "H02 own tests in an existing file": {
        SLUG: GOOD,
        "tests/test_slug.py": SPEC
        + "\n\ndef test_empty():\n    assert not slugify('')\n",
    },
    "H04 a neighbour's docstring": {
        SLUG: GOOD,
        "textkit/wrap.py": WRAP.replace("Wrap.", "Wrap a text."),
        "README.md": "# textkit\n\nslugs\n",
    },
    "H05 a real exit": {SLUG: CLI},
    "H06 an abstract base": {SLUG: ABSTRACT},
    "H07 a helper file": HELPER,
    "H08 changelog and lock": {
        SLUG: GOOD,
        "CHANGELOG.md": "# Changes\n\n- slugs\n",
        "poetry.lock": "# lock 2\n",
    },
}


@pytest.fixture
def textkit(project: Callable[..., Project]) -> Project:
    return project(BASE, phase(files=f"~{SLUG}"), test=PYTEST)


QUICK = ("H01 plain", "H05 a real exit", "H07 a helper file")
SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "case", [c if c in QUICK else pytest.param(c, marks=SLOW) for c in HONEST]
)
def test_honest_work_passes(textkit: Project, case: str) -> None:
    verdict = textkit.weigh(HONEST[case])
    assert (verdict.verdict, codes(verdict)) == ("pass", set())


@pytest.mark.slow
def test_work_in_three_commits_passes(textkit: Project) -> None:
    """H03: what counts is the range, not how many commits it took."""

    def three(root: Path) -> None:
        for text in ("# one\n" + STUB, "# two\n" + STUB, GOOD):
            (root / SLUG).write_text(text)
            textkit.git.run("commit", "-qam", "step")

    assert textkit.weigh(three).verdict == "pass"


def test_a_design_phase_passes_on_its_documents_alone(textkit: Project) -> None:
    """H09"""
    design = textkit.says(phase("01", kind="design", files="+docs/domain.md"))
    verdict = design.weigh({"docs/domain.md": "# Domain\n\n1. A slug is a text.\n"})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())


def test_a_stub_phase_passes_on_its_stubs(textkit: Project) -> None:
    """H10"""
    stub = textkit.says(phase("03", kind="stub", files="+textkit/count.py"))
    text = "def count(text):\n    raise NotImplementedError\n"
    verdict = stub.weigh({"textkit/count.py": text})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())


@pytest.mark.slow
def test_a_tdd_phase_passes_because_its_tests_are_red(textkit: Project) -> None:
    """H11"""
    run = command(f"{PYTEST} tests/test_more.py", "fail")
    tdd = textkit.says(
        phase("04", kind="tdd", files="+tests/test_more.py", commands=(run,))
    )
    verdict = tdd.weigh({"tests/test_more.py": OWN_TEST})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "verdict"), [("default", "pass"), ("pass", "fail")])
def test_a_tdd_phase_that_names_the_suite_and_no_outcome_wants_it_red(
    textkit: Project, asked: str, verdict: str
) -> None:
    run = command(PYTEST, asked)
    tdd = textkit.says(
        phase("04", kind="tdd", files="+tests/test_more.py", commands=(run,))
    )
    assert tdd.weigh({"tests/test_more.py": OWN_TEST}).verdict == verdict


@pytest.mark.slow
def test_a_mock_at_the_boundary_is_fine(textkit: Project) -> None:
    """H12"""
    text = (
        "import time\n\nfrom textkit.slug import slugify\n\n\n"
        "def test_slug_of_now(monkeypatch):\n"
        "    monkeypatch.setattr(time, 'strftime', lambda form: 'Mon Day')\n"
        "    assert slugify(time.strftime('%a')) == 'mon-day'\n"
    )
    tdd = textkit.says(phase("04", kind="tdd", files="+tests/test_now.py"))
    assert tdd.weigh({"tests/test_now.py": text}).verdict == "pass"


@pytest.mark.slow
def test_a_lock_file_that_changed_is_worth_knowing(textkit: Project) -> None:
    verdict = textkit.weigh(HONEST["H08 changelog and lock"])
    assert "protected-changed" in notes(verdict)


@pytest.mark.slow
def test_a_verification_phase_runs_the_gate_of_what_it_verifies(
    textkit: Project,
) -> None:
    said = command("grep -c slugify textkit/slug.py", "min", 1)
    both = (
        phase(files=f"~{SLUG}"),
        phase("05a", kind="verification", verifies="05", commands=(said,)),
    )
    verified = textkit.says(*both)
    honest = verified.weigh({SLUG: GOOD})
    assert honest.verdict == "pass"
    assert "command:05a:1" in {check.check for check in honest.checks}
    assert "tests-fail" in codes(verified.weigh({SLUG: STUB + "\nx = 1\n"}))


def test_a_phase_about_which_nothing_can_be_checked_is_an_error(
    project: Callable[..., Project],
) -> None:
    bare = project({"run.sh": "echo hi\n"}, phase(files="~run.sh"))
    verdict = bare.weigh({"run.sh": "echo hello\n"})
    assert (verdict.verdict, codes(verdict)) == ("error", {"vacuous-check"})


def test_prose_sends_to_a_person_only_when_nothing_else_decides(
    project: Callable[..., Project],
) -> None:
    prose = command("sh run.sh", "prose", "a friendly word")
    plain = command("grep -q hello run.sh")
    files = {"run.sh": "echo hi\n"}
    bare = project(files, phase(files="~run.sh", commands=(prose,)))
    work = {"run.sh": "echo hello\n"}
    assert bare.weigh(work).verdict == "review"
    decided = bare.says(phase(files="~run.sh", commands=(prose, plain)))
    assert decided.weigh(work).verdict == "pass"
