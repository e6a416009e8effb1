"""On which commit, and under which plan, a phase passed last."""

from weighlock.run import events as ev
from weighlock.run.trace.weighed import Pass, newest_pass


def began(digest: str = "first") -> ev.RunStarted:
    return ev.RunStarted(
        at=0.0,
        run="r1",
        plan="DEMO",
        plan_digest=digest,
        plan_path="plan.md",
        base="c0",
        branch="weighlock/demo",
        phases=("01", "02"),
        selected=("01", "02"),
        version="0",
    )


def passed(key: str, commit: str) -> ev.PhasePassed:
    return ev.PhasePassed(
        at=0.0, phase=key, attempt=1, commit=commit, tree="t", evidence="e"
    )


def changed(*moved: str, removed: tuple[str, ...] = ()) -> ev.PlanChanged:
    return ev.PlanChanged(
        at=0.0,
        plan_digest="second",
        phases=("01", "02"),
        selected=("01", "02"),
        moved=moved,
        added=(),
        removed=removed,
        changed=(),
        reopened=(),
        why=(),
        by="ann",
    )


def restored(commit: str) -> ev.BranchRestored:
    return ev.BranchRestored(at=0.0, phase="", commit=commit, by="ann")


FIRST = (began(), passed("01", "c1"), passed("02", "c2"))


def test_a_pass_is_known_by_the_plan_that_held_then():
    assert newest_pass(FIRST, "01") == Pass(commit="c1", plan_digest="first")
    again = (*FIRST, changed(), passed("01", "c3"))
    assert newest_pass(again, "01") == Pass(commit="c3", plan_digest="second")
    assert newest_pass(again, "02") == Pass(commit="c2", plan_digest="first")
    assert newest_pass(again, "03") is None


def test_a_pass_goes_with_its_phase_to_another_number():
    told = (*FIRST, changed("01=02", removed=("02",)))
    assert newest_pass(told, "02") == Pass(commit="c1", plan_digest="first")
    assert newest_pass(told, "01") is None


def test_a_pass_that_was_restored_away_is_none():
    assert newest_pass((*FIRST, restored("c1")), "02") is None
    assert newest_pass((*FIRST, restored("c1")), "01") is not None
    assert newest_pass((*FIRST, restored("c0")), "01") is None
