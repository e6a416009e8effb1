"""What must hold of every answer is tried on inputs that nobody could learn."""

import asyncio
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_checks import Project, codes, phase

from weighlock.checks.oracle import answers, probes
from weighlock.checks.oracle.inputs import check, inputs
from weighlock.errors import SettingsError
from weighlock.process import Finished

SLUG = "slug.py"
MAIN = "import sys\n\nif __name__ == '__main__':\n    print(slug(sys.argv[1]))\n"
GOOD = f"def slug(t):\n    return '-'.join(t.lower().split())\n\n\n{MAIN}"
LEARNT = f"def slug(t):\n    return {{'A b': 'a-b'}}.get(t, t)\n\n\n{MAIN}"
RUN = f'run = ["{sys.executable}", "slug.py", "{{input}}"]'
MODEL = "import sys\nprint('-'.join(sys.argv[1].lower().split()))\n"
ORACLE = f"""
[[property]]
phase = "05"
{RUN}
input = "[A-Za-z]{{1,4}}( [A-Za-z]{{1,4}}){{0,2}}"
cases = 5
"""


def weighed(
    project: Callable[..., Project], folder: Path, oracle: str, work: str
) -> tuple[str, set[str]]:
    file = folder / "probes.toml"
    file.write_text(oracle)
    (folder / "model.py").write_text(MODEL)
    made = project({SLUG: "x = 1\n"}, phase(files=f"~{SLUG}"), oracle=file)
    verdict = made.weigh({SLUG: work})
    return verdict.verdict, codes(verdict)


@pytest.mark.slow
@pytest.mark.parametrize(
    "holds",
    [
        "stdout_matches = '\\A[a-z-]+\\n\\Z'",
        "idempotent = true\nstdout_matches = '^[a-z]'",
        f"model = ['{sys.executable}', 'model.py', '{{input}}']",
    ],
)
def test_a_property_holds_for_honest_work_and_not_for_learnt_answers(
    project: Callable[..., Project], tmp_path: Path, holds: str
) -> None:
    oracle = f"{ORACLE}{holds}\n"
    assert weighed(project, tmp_path, oracle, GOOD) == ("pass", set())


@pytest.mark.slow
@pytest.mark.parametrize(
    "holds",
    [
        "stdout_matches = '\\A[a-z-]+\\n\\Z'",
        f"model = ['{sys.executable}', 'model.py', '{{input}}']",
        f"inverse = ['{sys.executable}', '-c', 'print(1)']",
    ],
)
def test_a_property_fails_for_answers_that_were_learnt(
    project: Callable[..., Project], tmp_path: Path, holds: str
) -> None:
    oracle = f"{ORACLE}{holds}\n"
    found = weighed(project, tmp_path, oracle, LEARNT)
    assert found == ("fail", {"property-failed"})


@pytest.mark.slow
@pytest.mark.parametrize(
    "program",
    [
        "import sys\nsys.stdout.buffer.write(b'\\xff\\xfe')\n",
        "import sys\nwhile True:\n    sys.stdout.write('x' * 65536)\n",
        "while True:\n    pass\n",
        "import os\nos.kill(os.getpid(), 9)\n",
        "print('a' * 30 + '!')\n",
    ],
    ids=["garbled", "huge", "slow", "killed", "a pattern without end"],
)
def test_a_bad_answer_fails_a_probe_in_bounded_time(
    project: Callable[..., Project], tmp_path: Path, program: str
) -> None:
    run = f'run = ["{sys.executable}", "slug.py"]\ntimeout_s = 2\n'
    probe = f'[[probe]]\nphase = "05"\n{run}stdout_matches = "^(a+)+$"\n'
    found = weighed(project, tmp_path, probe, program)
    assert found == ("fail", {"probe-failed"})


PATTERNS = st.sampled_from(
    ["a*", "[a-z ]{0,9}", r"\d+(\.\d+)?", "(yes|no)", r"\w[^a]\s?.", "x{3}|y", ""]
)


@settings(max_examples=60, deadline=None)
@given(PATTERNS, st.integers(0, 2**32))
def test_inputs_are_what_the_pattern_describes(pattern: str, seed: int) -> None:
    made = list(inputs(pattern, 5, seed))
    assert all(re.fullmatch(pattern, text, re.DOTALL) for text in made)
    assert made == list(inputs(pattern, 5, seed))


def test_the_first_inputs_are_the_shortest_and_the_longest() -> None:
    assert list(inputs("[a]{2,5}b*", 2, 0)) == ["aa", "aaaaa" + "b" * 16]


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="a.*+?{}[]()^$|\\d1,9<!=:", max_size=12))
def test_a_pattern_is_refused_or_can_be_made(pattern: str) -> None:
    try:
        check(pattern)
    except ValueError:
        return
    assert all(len(text) <= 10_000 for text in inputs(pattern, 3, 1))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[[property]]\nphase = "1"\nrun = ["a"]\n', "input is missing"),
        ('[[property]]\nphase = "1"\nrun = ["a"]\ninput = "(?=a)"\n', "input: "),
        ('[[property]]\nphase = "1"\nrun = ["a"]\ninput = "a"\ncases = 0\n', "cases"),
        ('[[probe]]\nphase = "1"\nrun = []\n', "run has the wrong type"),
        ('[[probe]]\nphase = "1"\nrun = ["a"]\ninput = "a"\n', "unknown key input"),
        ("[[probes]]\n", "tables only"),
    ],
)
def test_an_oracle_that_says_nonsense_is_refused(
    tmp_path: Path, text: str, word: str
) -> None:
    file = tmp_path / "probes.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=re.escape(word)):
        probes.load(file)


def test_what_was_asked_is_told_and_not_what_was_expected() -> None:
    probe = probes.Probe(phase="05", run=("kit", "x"), stdout="secret")
    done = Finished(exit_code=0, stdout=b"other")
    ((_, reason),) = asyncio.run(probes.judge(probe, done))
    assert "kit x" in reason.message
    assert "other" in reason.message
    assert "secret" not in reason.message


def test_a_pattern_is_searched_for_in_the_whole_output() -> None:
    assert asyncio.run(answers.matches("b$", b"a\nb"))
    assert not asyncio.run(answers.matches("c", b"a\nb"))
