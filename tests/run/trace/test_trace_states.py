"""Each state of the table, on the smallest plan that has it."""

from weighlock.plan.model import Span
from weighlock.run import events as ev
from weighlock.run.trace.model import Drift
from weighlock.run.trace.policy import Policy


def test_a_requirement_with_a_marker_in_code_is_covered(make):
    found = make.trace(make.plan(make.requirement("REQ-1", "03")), [make.req("REQ-1")])
    assert make.state(found, "REQ-1") == "covered"


def test_without_a_marker_it_is_uncovered_while_work_is_to_come(make):
    plan = make.plan(make.requirement("REQ-1", "03", "05"))
    assert make.state(make.trace(plan, []), "REQ-1") == "uncovered"
    half = make.trace(plan, [], weighed=make.passed("03"))
    assert make.state(half, "REQ-1") == "uncovered"


def test_without_a_marker_it_is_unmarked_once_its_phases_have_passed(make):
    plan = make.plan(make.requirement("REQ-1", "03"))
    row = make.row(make.trace(plan, [], weighed=make.passed("03")), "REQ-1")
    assert row.state == "unmarked"
    assert "03 passed" in row.why


def test_a_requirement_that_no_phase_cites_says_so(make):
    row = make.row(make.trace(make.plan(make.requirement("REQ-1")), []), "REQ-1")
    assert (row.state, "no phase cites it" in row.why) == ("uncovered", True)


def test_only_a_test_that_names_it_does_not_cover_it(make):
    marker = make.req("REQ-1", path="tests/test_a.py", is_test=True)
    row = make.row(
        make.trace(make.plan(make.requirement("REQ-1", "03")), [marker]), "REQ-1"
    )
    assert row.state == "uncovered"
    assert len(row.tests) == 1


def test_a_document_that_names_it_does_not_cover_it(make):
    marker = make.req("REQ-1", path="docs/notes.md")
    found = make.trace(make.plan(make.requirement("REQ-1", "03")), [marker])
    assert make.state(found, "REQ-1") == "uncovered"


def test_the_policy_says_which_kinds_of_marker_are_needed(make):
    plan = make.plan(make.requirement("REQ-1", "03"))
    both = Policy(needs=("impl", "test"))
    code, tag = make.req("REQ-1"), make.req("REQ-1", covering="utest", line=40)
    row = make.row(make.trace(plan, [code], policy=both), "REQ-1")
    assert (row.state, row.why) == ("uncovered", "no test marker names it")
    assert make.state(make.trace(plan, [code, tag], policy=both), "REQ-1") == "covered"


def test_a_marker_of_an_unknown_phase_of_this_plan_is_an_orphan(make):
    row = make.row(make.trace(make.plan(), [make.phase("99")]), "PLAN-X.P99")
    assert (row.kind, row.state) == ("orphan", "orphaned")


def test_markers_of_another_plan_are_counted_and_left_alone(make):
    other = [make.phase("99", id="PLAN-Y"), make.req("REQ-1")]
    found = make.trace(make.plan(make.requirement("REQ-1", "03")), other)
    assert make.state(found, "REQ-1") == "uncovered"
    assert (found.foreign, found.markers) == (2, 2)


def test_an_unknown_requirement_is_an_orphan_only_if_it_could_be_ours(make):
    plan = make.plan(make.requirement("REQ-A-1", "03"))
    found = make.trace(plan, [make.req("REQ-A-9"), make.req("REQ-B-1", line=90)])
    assert make.state(found, "REQ-A-9") == "orphaned"
    assert [r.id for r in found.rows if r.kind == "orphan"] == ["REQ-A-9"]
    beside = make.trace(plan, [make.phase("03"), make.req("REQ-B-1")])
    assert make.state(beside, "REQ-B-1") == "orphaned"


def test_naming_the_whole_covers_no_part_and_naming_a_part_covers_the_whole(make):
    parts = make.plan(make.requirement("REQ-1.1", "03"), make.requirement("REQ-1.2"))
    found = make.trace(parts, [make.req("REQ-1"), make.phase("03")])
    assert make.state(found, "REQ-1.1") == "uncovered"
    assert "REQ-1.1 to REQ-1.2" in make.row(found, "REQ-1").why
    whole = make.trace(make.plan(make.requirement("REQ-1")), [make.req("REQ-1.4")])
    assert make.state(whole, "REQ-1") == "covered"


def test_a_tag_of_another_revision_than_the_plans_is_outdated(make):
    plan = make.plan(
        make.requirement("login", "03"), pages=[("a.md", "`req~login~2` It works.")]
    )
    old, new = (make.req("req~login", covering="impl", revision=n) for n in (1, 2))
    assert make.state(make.trace(plan, [old]), "login") == "outdated"
    assert make.state(make.trace(plan, [new]), "login") == "covered"


def test_pseudocode_past_its_end_is_outdated_and_a_missing_file_is_an_orphan(make):
    page = ("analysis/pseudocode/bucket.md", "10: FUNCTION\n20: RETURN\n")
    marker = make.req("REQ-1").__class__

    def cites(path, *lines):
        return marker(
            kind="pseudocode", id=path, lines=lines, path="a.py", line=lines[0],
            column=1,
        )  # fmt: skip

    found = make.trace(
        make.plan(pages=[page]),
        [
            make.phase("03", path="a.py", line=5),
            cites("bucket.md", 10, 20),
            cites("bucket.md", 12, 30),
            cites("gone.md", 7, 8),
        ],
    )
    states = {r.id: r.state for r in found.rows if r.kind == "pseudocode"}
    assert states == {
        "bucket.md lines 10-20": "covered",
        "bucket.md lines 12-30": "outdated",
        "gone.md lines 7-8": "orphaned",
    }


def test_two_definitions_that_differ_are_a_duplicate_whatever_covers_them(make):
    twice = make.requirement("REQ-1", "03", again=(Span(file="spec.md", line=9),))
    row = make.row(make.trace(make.plan(twice), [make.req("REQ-1")]), "REQ-1")
    assert row.state == "duplicate"
    assert "spec.md:9" in row.why


def drifted(**then):
    names = {name: frozenset({digest}) for name, digest in then.items()}
    return {"src/a.py": Drift(now="f2", then=names)}


def test_code_that_changed_since_its_phase_passed_is_suspect(make):
    plan = make.plan(make.requirement("REQ-1", "03"))
    marked = [make.req("REQ-1", node=make.node(digest="d2"))]
    after = make.passed("03", drifted=drifted(take="d1"))
    row = make.row(make.trace(plan, marked, weighed=after), "REQ-1")
    assert (row.state, row.why) == ("suspect", "take changed since it was last weighed")
    before = make.passed(drifted=drifted(take="d1"))
    assert make.state(make.trace(plan, marked, weighed=before), "REQ-1") == "covered"


def test_another_node_of_the_file_may_change(make):
    plan = make.plan(make.requirement("REQ-1", "03"))
    marked = [make.req("REQ-1", node=make.node(digest="d1"))]
    after = make.passed("03", drifted=drifted(take="d1", put="other"))
    assert make.state(make.trace(plan, marked, weighed=after), "REQ-1") == "covered"


def test_new_code_is_suspect_and_a_new_test_is_not(make):
    plan = make.plan(make.requirement("REQ-1", "03"))
    old = make.req("REQ-1", node=make.node())
    after = make.passed("03", drifted=drifted(take="d1"))
    fresh = make.node("put", 30, 40)
    code = make.req("REQ-1", line=29, node=fresh)
    test = make.req("REQ-1", line=29, node=fresh, is_test=True)
    assert make.state(make.trace(plan, [old, code], weighed=after), "REQ-1") == (
        "suspect"
    )
    assert make.state(make.trace(plan, [old, test], weighed=after), "REQ-1") == (
        "covered"
    )


def test_a_requirement_that_was_reworded_after_its_pass_is_suspect(make):
    plan = make.plan(make.requirement("REQ-1", "03", text="It works twice."))
    after = make.passed("03", texts={"REQ-1": "It works."})
    row = make.row(make.trace(plan, [make.req("REQ-1")], weighed=after), "REQ-1")
    assert (row.state, row.why) == (
        "suspect",
        "its text changed since it was last weighed",
    )
    same = make.passed("03", texts={"REQ-1": "It works twice."})
    found = make.trace(plan, [make.req("REQ-1")], weighed=same)
    assert make.state(found, "REQ-1") == "covered"


def test_a_persons_word_holds_for_what_was_looked_at_and_no_further(make):
    plan = make.plan(make.requirement("REQ-1", "03"))

    def look(digest, *accepted):
        after = make.passed(
            "03", drifted=drifted(take="d1"), state={"accepted": accepted}
        )
        marked = [make.req("REQ-1", node=make.node(digest=digest))]
        return make.row(make.trace(plan, marked, weighed=after), "REQ-1")

    word = ev.TraceAccepted(at=0, id="REQ-1", digests=look("d2").pins, by="ann")
    assert (look("d2", word).state, look("d2", word).accepted) == ("covered", "ann")
    assert look("d3", word).state == "suspect"


def test_a_phase_is_covered_unmarked_uncovered_or_exempt(make):
    plan = make.plan(phases=("03", "04", "05"))
    quiet = make.plan(phases=("03",))
    found = make.trace(plan, [make.phase("03")], weighed=make.passed("03", "04"))
    states = {r.id: r.state for r in found.rows}
    assert states == {"03": "covered", "04": "unmarked", "05": "uncovered"}
    from dataclasses import replace

    quiet = replace(quiet, phases=(replace(quiet.phases[0], markers=False),))
    assert make.state(make.trace(quiet, []), "03") == "exempt"


def test_a_phase_that_stands_twice_is_a_duplicate(make):
    found = make.trace(make.plan(phases=("03", "03#2")), [make.phase("03")])
    assert make.state(found, "03#2") == "duplicate"


def test_what_is_justified_keeps_its_state_and_breaks_no_rule(make):
    plan = make.plan(make.requirement("REQ-1"), make.requirement("REQ-2"), phases=())
    policy = Policy(justified={"REQ-1": "paper"}, fail_on=frozenset({"uncovered"}))
    found = make.trace(plan, [], policy=policy)
    assert make.row(found, "REQ-1").justified == "paper"
    assert [r.id for r in policy.breaches(found)] == ["REQ-2"]


def test_two_kinds_of_marker_on_one_node_both_count(make):
    plan = make.plan(make.requirement("REQ-1", "03"))
    node = make.node()
    marked = [
        make.req("REQ-1", node=node),
        make.req("REQ-1", line=10, node=node, covering="itest"),
    ]
    both = Policy(needs=("impl", "test"))
    assert make.state(make.trace(plan, marked, policy=both), "REQ-1") == "covered"
