"""What it means that a fault was not noticed."""

from weighlock.checks.finding import worst
from weighlock.checks.strength.asked import Asked
from weighlock.checks.strength.changed import Function
from weighlock.checks.strength.mutation import End, Trial, Trials
from weighlock.checks.strength.mutators.mutant import Mutant
from weighlock.checks.strength.survivors import judge

TAX = Function(path="a.py", name="tax", line=3, end_line=5, fresh=frozenset({3, 4, 5}))
ONE_EACH = Asked(mutation=0.0)


def trial(
    end: End, at: int = 4, *, hollow: bool = False, crashed: bool = False
) -> Trial:
    mutant = Mutant(line=4, start=at, end=at + 1, text=b"", what="x", hollow=hollow)
    return Trial(function=TAX, mutant=mutant, end=end, crashed=crashed)


def found(
    *trials: Trial, asked: Asked = ONE_EACH, left: int = 0
) -> tuple[str, set[str]]:
    """Return the verdict, and the codes of what is more than a note."""
    tried = Trials(done=trials, left=frozenset([TAX][:left]))
    seen = judge(tried, [TAX], asked)
    return worst(seen), {reason.code for weight, reason in seen if weight != "note"}


def test_one_killed_fault_in_each_function_is_enough() -> None:
    assert found(trial("killed"), trial("survived", 9))[0] == "pass"


def test_a_function_whose_body_can_be_gone_is_not_tested() -> None:
    assert found(trial("survived", hollow=True)) == ("fail", {"mutants-survive"})


def test_that_a_function_is_called_is_not_that_it_is_tested() -> None:
    gone, crash = trial("survived", hollow=True), trial("killed", 9, crashed=True)
    assert found(gone, crash)[0] == "fail"
    assert found(gone, trial("killed", 9))[0] == "pass"
    assert found(trial("survived"), crash)[0] == "pass"


def test_a_single_small_survivor_sends_to_a_person() -> None:
    assert found(trial("survived")) == ("review", {"mutants-survive"})


def test_a_function_that_there_was_no_time_for_is_not_passed() -> None:
    assert found(left=1) == ("error", {"timed-out"})


def test_faults_that_cannot_be_built_are_no_evidence() -> None:
    assert found(trial("unviable")) == ("error", {"vacuous-check"})
    assert found()[0] == "pass"  # there was nothing to be wrong


def test_a_share_fails_only_where_chance_cannot_explain_it() -> None:
    asked = Asked(mutation=80.0)
    many = [trial("killed" if n % 2 else "survived", n) for n in range(100)]
    assert found(*many, asked=asked)[0] == "fail"
    assert found(*many[:4], asked=asked)[0] == "pass"
    most = [trial("killed" if n % 4 else "survived", n) for n in range(100)]
    assert found(*most, asked=asked)[0] == "pass"


def test_survivors_are_listed_with_their_lines() -> None:
    seen = judge(Trials(done=(trial("killed"), trial("survived", 9))), [TAX], ONE_EACH)
    assert [(r.path, r.line) for _, r in seen] == [("a.py", 4)]
