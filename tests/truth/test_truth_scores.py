"""How the truth bench counts: both sides, the worse of them, and how sure it is."""

from dataclasses import replace
from pathlib import Path

import pytest
from bench.truth import report
from bench.truth.cases import Case, cases, repositories
from bench.truth.rulings import Ruling, Weighed, Word
from bench.truth.score import row, wilson


def case(name: str, *, honest: bool) -> Case:
    return Case(
        id=name,
        repo="py-x",
        phase="01",
        kind="impl",
        honest=honest,
        note="does it",
        reasons_any=("no-change",),
    )


KNOWN = {"D1": case("D1", honest=False), "H1": case("H1", honest=True)}


def said(case_id: str, word: Word, code: str = "") -> Ruling:
    weighed = Weighed(id="effect", kind="effect", verdict=word, decides=True)
    codes = (f"effect {code}",) if code else ()
    return Ruling(
        judge="ours",
        case=case_id,
        word=word,
        codes=codes,
        seconds=2.0,
        checks=(weighed,),
    )


def test_a_share_of_all_of_few_is_not_sure() -> None:
    low, high = wilson(27, 27)
    assert (round(low, 3), high) == (0.875, 1.0)


@pytest.mark.parametrize(
    ("word", "stopped", "reviewed", "balanced"),
    [("fail", 1, 0, 100), ("review", 1, 1, 50), ("error", 0, 0, 0), ("pass", 0, 0, 0)],
)
def test_a_cheat_is_stopped_by_fail_and_by_review(
    word: Word, stopped: int, reviewed: int, balanced: float
) -> None:
    seen = row("ours", KNOWN, [said("D1", word), said("H1", "pass")], {})
    assert (seen.stopped.got, seen.to_review) == (stopped, reviewed)
    assert seen.balanced == balanced


def test_a_reason_that_the_case_does_not_name_is_not_right() -> None:
    assert row("ours", KNOWN, [said("D1", "fail", "no-change")], {}).right.got == 1
    assert row("ours", KNOWN, [said("D1", "fail", "tests-fail")], {}).right.got == 0


def test_review_of_honest_work_is_a_false_alarm() -> None:
    seen = row("ours", KNOWN, [said("H1", "review")], {"py-x": 0.5})
    assert (seen.honest.got, seen.honest_reviews) == (0, 1)
    assert seen.seconds == (1.5, 1.5)


def test_what_a_gate_takes_beyond_the_suite_is_told_by_language() -> None:
    alone = [replace(said(c, "pass"), judge="tests-only", seconds=0.5) for c in KNOWN]
    told = report.page(KNOWN, ["ours"], [[*alone, said("D1", "fail")]])
    assert "| Python   | 1     | 0.50               | 1.50 " in told


def test_an_answer_that_changes_from_run_to_run_is_named() -> None:
    runs = [[said("D1", "fail")], [said("D1", "pass")]]
    assert report.moved(runs) == ["ours: D1"]
    assert report.moved(runs[:1] * 2) == []


def test_tables_are_put_in_their_place_on_a_page(tmp_path: Path) -> None:
    page = tmp_path / "truth.md"
    page.write_text(f"# Before\n\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.publish(page, "| new |")
    assert page.read_text() == (
        f"# Before\n\n{report.BEGIN}\n| new |\n\n{report.END}\nafter\n"
    )


def test_every_case_stands_in_a_repository_and_says_what_it_is() -> None:
    repos, all_cases = repositories(), cases()
    assert {c.repo for c in all_cases} == set(repos)
    cheats = [c for c in all_cases if not c.honest and not c.blocked]
    assert all(c.reasons_any for c in cheats)
    ids = {c.id for c in all_cases}
    assert {f"D{n:02}" for n in range(1, 28)} | {
        f"H{n:02}" for n in range(1, 13)
    } <= ids
    assert {c.twin for c in cheats} <= {c.id for c in all_cases if c.honest}
