"""Did the marked code change in the phase that claims it, and did its tests run?"""

import pytest

from weighlock.run.trace.results import results


def changed(make, weighed, *markers):
    plan = make.plan(make.requirement("REQ-1", "03", "05"))
    row = make.row(make.trace(plan, markers, weighed=weighed), "REQ-1")
    return row.places[0].changed


def test_it_did_when_a_claiming_phase_changed_the_node(make):
    weighed = make.passed(
        "03", "05",
        landings=[("03", {}), ("05", {"src/a.py": frozenset({"take"})})],
    )  # fmt: skip
    found = changed(make, weighed, make.req("REQ-1", node=make.node()))
    assert (found.answer, found.commit, found.phases) == ("yes", "c05", ("05",))


def test_it_did_not_when_every_claiming_phase_left_the_node_alone(make):
    weighed = make.passed(
        "03", "05",
        landings=[("03", {"src/a.py": frozenset({"put"})}), ("05", {})],
    )  # fmt: skip
    assert changed(make, weighed, make.req("REQ-1", node=make.node())).answer == "no"


def test_nobody_knows_before_every_claiming_phase_has_passed(make):
    found = changed(make, make.passed("03"), make.req("REQ-1", node=make.node()))
    assert found.answer == "unknown"


def test_the_phase_that_the_node_names_is_the_one_that_claims_it(make):
    weighed = make.passed(
        "03", "05",
        landings=[("03", {"src/a.py": frozenset({"take"})}), ("05", {})],
    )  # fmt: skip
    node = make.node()
    marked = [make.phase("05", node=node), make.req("REQ-1", node=node)]
    found = changed(make, weighed, *marked)
    assert (found.answer, found.phases) == ("no", ("03",))


def test_where_no_node_is_known_the_file_counts(make):
    weighed = make.passed("03", landings=[("03", {"src/a.py": None})])
    assert changed(make, weighed, make.req("REQ-1")).answer == "yes"


@pytest.mark.parametrize(
    ("id_", "path", "name"),
    [
        ("tests/test_a.py::TestBucket::test_take[3]", "tests/test_a.py", "test_take"),
        ("tests/test_a.py::test_take", "tests/test_a.py", "TestBucket.test_take"),
        ("a/b.test.ts > bucket > takes 3.5 coins", "a/b.test.ts", "takes 3.5 coins"),
        ("bucket > takes one", "test/a.mjs", "takes one"),
        ("tests.test_a.TestBucket.test_take", "tests/test_a.py", "test_take"),
        ("textkit::bucket::tests::takes_one", "src/bucket.rs", "tests.takes_one"),
    ],
)  # fmt: skip
def test_a_test_is_found_by_what_its_runner_calls_it(make, id_, path, name):
    node = make.node(name, kind="test")
    weighed = make.passed("03", tests={id_: "passed"})
    marker = make.req("REQ-1", path=path, node=node, is_test=True)
    plan = make.plan(make.requirement("REQ-1", "03"))
    row = make.row(make.trace(plan, [marker], weighed=weighed), "REQ-1")
    assert row.tests[0].result == "passed"


def test_a_test_of_the_same_name_in_another_file_is_another_test(make):
    node = make.node("test_take", kind="test")
    weighed = make.passed("03", tests={"tests/test_b.py::test_take": "passed"})
    marker = make.req("REQ-1", path="tests/test_a.py", node=node, is_test=True)
    plan = make.plan(make.requirement("REQ-1", "03"))
    row = make.row(make.trace(plan, [marker], weighed=weighed), "REQ-1")
    assert row.tests[0].result == ""


def test_one_failing_case_of_a_test_outweighs_the_others():
    ids = {"t/a.py::f[1]": "failed", "t/a.py::f[2]": "passed"}
    assert results(ids)["t/a.py", "f"] == "failed"
