"""A verdict is understood at once: checks in rows, reasons with places, what next."""

import pytest

from weighlock.run.evidence import Claim, Evidence, Reason, Verdict
from weighlock.run.verdict import judge, read_document
from weighlock.views.text import Style
from weighlock.views.verdict import as_json, as_text


def verdict(
    outcome: str,
    code: str = "no-change",
    message: str = "it is as it was",
    **given: object,
) -> Verdict:
    reason = Reason(code=code, message=message, check="effect", path="a.py")
    found = Evidence(
        check="effect",
        kind="effect",
        verdict=outcome,  # type: ignore[arg-type]
        summary="a.py: it is as it was",
        layer=3,
        reasons=(reason,),
        **given,  # type: ignore[arg-type]
    )
    claim = Claim(text="COMPLETE\nall of it")
    names = {"plan": "PLAN-X", "phase": "05", "base": "b" * 40, "head": "h" * 40}
    return judge([found], tree="t" * 40, claim=claim, duration_s=1.5, **names)


def test_a_failure_shows_the_check_the_place_and_what_next() -> None:
    lines = as_text(verdict("fail")).splitlines()
    assert lines[0].startswith("FAIL  phase P05 of PLAN-X")
    assert "  fail     effect  a.py: it is as it was" in lines
    assert "  no-change  a.py: it is as it was" in lines
    assert any(line.startswith("Next: mend what is named above") for line in lines)


def test_a_pass_that_decides_nothing_is_only_ok() -> None:
    assert "  ok       effect" in as_text(verdict("pass", decides=False))
    assert "  pass     effect" in as_text(verdict("pass"))


def test_the_claim_is_shown_as_a_claim() -> None:
    text = as_text(verdict("pass"))
    assert "The agent's claim, which no check has read:\n  COMPLETE\n" in text


def test_a_code_with_a_remedy_says_it() -> None:
    text = as_text(verdict("error", "tool-missing"))
    assert "tool-missing: install the tool" in text


@pytest.mark.parametrize("outcome", ["pass", "fail", "review", "error"])
def test_colour_never_stands_alone(outcome: str) -> None:
    text = as_text(verdict(outcome), Style(color=True))
    assert outcome.upper() in text
    assert "\x1b[" not in as_text(verdict(outcome))


def test_foreign_text_cannot_drive_the_terminal() -> None:
    assert "\x1b" not in as_text(verdict("fail", message="a\x1b[31mb"))


def test_json_reads_back_as_the_same_verdict() -> None:
    made = verdict("fail")
    document = as_json(made)
    assert document["schema"] == "weighlock/verdict/1"
    assert read_document(document).reasons == made.reasons
