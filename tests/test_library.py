"""The public surface does what the command line does."""

import pytest

import weighlock


@pytest.fixture
def cached(project, monkeypatch):
    """Keep clones and scratch trees out of the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", project.env["XDG_CACHE_HOME"])
    text = (project.beside / "weighlock.toml").read_text()
    project.write("weighlock.toml", text.replace('"agent.py"', '"tools/agent.py"'))
    project.write("tools/agent.py", (project.beside / "agent.py").read_text())
    return project


def test_a_run_is_started_executed_and_taken_up_again(cached):
    plan = cached.root / "docs/plan.md"
    one = weighlock.Run.start(plan, repo=cached.root, only=("1",))
    assert one.execute().phase("01").stage == "passed"
    rest = weighlock.Run.start(plan, repo=cached.root)
    assert rest.id == one.id
    assert rest.execute().stage == "passed"
    assert weighlock.Run.resume(repo=cached.root).state.stage == "passed"
    with pytest.raises(weighlock.NothingToDo):
        weighlock.Run.start(plan, repo=cached.root)


def test_a_phase_is_weighed_without_an_agent(cached):
    plan = cached.root / "docs/plan.md"
    verdict = weighlock.verify(plan, "P1", repo=cached.root)
    assert (verdict.verdict, verdict.phase) == ("fail", "01")
    cached.write("words.txt", "hello\n")
    read = weighlock.load(plan)
    assert weighlock.verify(read, "1", repo=cached.root).verdict == "pass"


def test_a_phase_that_is_not_there_is_named(cached):
    plan = cached.root / "docs/plan.md"
    with pytest.raises(weighlock.UsageError, match="no phase '9'"):
        weighlock.verify(plan, "9", repo=cached.root)
