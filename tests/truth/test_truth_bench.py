"""The truth bench keeps its word: wrong is wrong, right is right, and we see which."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def bench(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bench.truth", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_sample_of_cases_is_what_it_says_it_is() -> None:
    done = bench("--self-check", "--case", "D01", "--case", "H01")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 cases, 0 do not keep their word" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "repo",
    ["py-textkit", "py-ledger", "js-bucket", "ts-bucket", "rs-ranges", "go-limit"],
)
def test_every_cheat_is_wrong_and_every_honest_case_is_right(repo: str) -> None:
    done = bench("--self-check", f"--case={repo}")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_sample_is_judged_for_right_reasons(tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    sample = ("D01", "D09", "D11", "D24", "H02", "H05")
    done = bench(*(f"--case={c}" for c in sample), "--judge=ours", f"--out={out}")
    assert done.returncode == 0, done.stdout + done.stderr
    rulings = [json.loads(line) for line in out.read_text().splitlines()]
    passed = {r["case"] for r in rulings if r["word"] == "pass"}
    assert passed == {"H02", "H05"}
