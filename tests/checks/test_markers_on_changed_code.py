"""A marker counts where it stands on code that the phase changed."""

from dataclasses import replace

import pytest
from tests_checks import SPAN, Project, codes, make, notes, phase

from weighlock.checks import markers
from weighlock.checks.kinds import RULES
from weighlock.plan.model import Requirement
from weighlock.run.trace.weighed import Earlier, pin

ASKED = phase(markers=True)
PY = "import os\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n"
TS = "export function f() {\n  return 1;\n}\n\nexport const g = () => 2;\n"
MARK = "@plan:PLAN-X.P05"
SERVED = (
    "# @requirement:REQ-A-001\ndef f():\n    return 1\n\n\n"
    "# @requirement:REQ-A-001\ndef g():\n    return 2\n"
)


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Project:
    place = tmp_path_factory.mktemp("marked")
    return make(
        place / "repo",
        place / "scratch",
        {
            "a.py": PY,
            "a.ts": TS,
            "marked.py": f"# {MARK}\ndef f():\n    return 1\n",
            "a.rb": "def f\n  1\nend\n",
            "served.py": SERVED,
        },
        (ASKED,),
        {},
    )


def changed(text: str) -> str:
    return text.replace("return 1", "return 3")


@pytest.mark.parametrize(
    "work",
    [
        {"a.py": changed(PY).replace("def f", f"# {MARK}\ndef f")},
        {"a.py": changed(PY).replace("return 3", f"return 3  # {MARK}")},
        {"a.py": f"# {MARK}\n" + changed(PY)},
        {"a.py": changed(PY).replace("import", f"# {MARK}\nimport")},
        {"a.ts": changed(TS).replace("export f", f"/** {MARK} */\nexport f")},
        {"a.ts": TS.replace("=> 2", f"=> 3 /* {MARK} */")},
        {"new.ts": f"// {MARK}\n\nexport const x = 1;\n"},
        {"marked.py": f"# {MARK}\ndef f():\n    return 3\n"},
        {"a.rb": f"# {MARK}\ndef f\n  1\nend\n"},
        {
            "a.py": changed(PY)
            .replace("def f", f"# {MARK}\ndef f")
            .replace("\n", "\r\n")
        },
        {"a.py": f"# {MARK}\nthis does not parse (\n"},
    ],
)
def test_a_marker_on_changed_code_counts(code, work):
    found = code.look(markers.look, work)
    assert (found.verdict, found.notes) == ("pass", ())


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ({"a.py": changed(PY)}, "nothing that the phase changed carries"),
        (
            {"a.py": changed(PY).replace("def g", f"# {MARK}\ndef g")},
            "stands on g, which did not change",
        ),
        (
            {"a.ts": changed(TS).replace("=> 2", f"=> /* {MARK} */ 2")},
            "stands on g, which did not change",
        ),
        ({"a.py": f"# {MARK}\n" + PY}, "stands on code that did not change"),
        (
            {"marked.py": f"# {MARK}\ndef f():\n    return 1\n\nx = 2\n"},
            "stands on f, which did not change",
        ),
    ],
)
def test_a_marker_on_other_code_does_not_count(code, work, said):
    found = code.look(markers.look, work)
    assert codes(found) == {"marker-missing"}
    assert said in found.reasons[0].message


def test_one_file_with_the_marker_is_enough(code):
    marked = changed(PY).replace("def f", f"# {MARK}\ndef f")
    assert code.look(markers.look, {"a.py": marked, "a.ts": changed(TS)}).verdict == (
        "pass"
    )


def test_a_phase_about_docstrings_marks_what_it_documents(code):
    work = {"a.py": PY.replace("return 1", f'"""Say. {MARK}"""\n    return 1')}
    told = code.says(phase(markers=True, title="Write docstrings"))
    assert told.look(markers.look, work).verdict == "pass"


def test_a_marker_that_names_nothing_of_the_plan_is_noted(code):
    text = f"# {MARK}\n# @plan:PLAN-X.P42\n# @plan:PLAN-Y.P42\nx = 1\n"
    found = code.look(markers.look, {"new.py": text})
    assert found.verdict == "pass"
    assert [(n.code, n.line) for n in found.notes] == [("marker-orphan", 2)]


def test_a_requirement_of_the_plans_own_series_that_nobody_defined_is_noted(code):
    text = (
        f"# {MARK} @requirement:REQ-A-001, REQ-A-007\n# @requirement OTHER-3\nx = 1\n"
    )
    subject = code.subject({"new.py": text})
    one = Requirement(id="REQ-A-001", text="x", phases=("05",), source=SPAN)
    told = replace(subject, plan=replace(subject.plan, requirements=(one,)))
    found = markers.look(told, RULES["impl"])
    assert notes(found) == {"marker-orphan"}
    assert all("REQ-A-007" in note.message for note in found.notes)


def again(code, served: str, *, asked: bool = True, **given: object):
    """Look at the phase that passed at base, after its requirement was reworded."""
    told = code.says(phase(markers=asked))
    subject = told.subject({"a.py": f"# {MARK}\n{changed(PY)}", "served.py": served})
    new = Requirement(id="REQ-A-001", text="Two words", phases=("05",), source=SPAN)
    plan = replace(subject.plan, requirements=(new,))
    known = {"commit": code.base, "texts": {"REQ-A-001": "One word"}, **given}
    held = replace(subject, plan=plan, earlier=Earlier(**known))
    return markers.look(held, RULES["impl"])


def test_marked_code_that_did_not_change_with_its_requirement_is_stale(code):
    found = again(code, SERVED)
    assert (found.verdict, codes(found)) == ("review", {"marker-stale"})
    assert (found.reasons[0].path, found.reasons[0].line) == ("served.py", 1)
    assert "none of the 2 places" in found.reasons[0].message


@pytest.mark.parametrize(
    ("served", "given"),
    [
        (changed(SERVED), {}),
        (SERVED.replace("REQ-A-001", "REQ-A-002", 1), {"asked": False}),
        (SERVED, {"asked": False}),
    ],
)
def test_where_some_of_it_changed_or_no_marker_is_asked_for_it_is_told(
    code, served, given
):
    found = again(code, served, **given)
    assert (found.verdict, notes(found) & {"marker-stale"}) == (
        "pass",
        {"marker-stale"},
    )


@pytest.mark.parametrize(
    "given",
    [
        {"texts": {"REQ-A-001": "Two words"}},
        {"texts": {}},
        {"commit": "0" * 40},
        {"accepted": frozenset([pin("REQ-A-001", "Two words")])},
    ],
)
def test_the_same_words_accepted_ones_and_unknown_ones_are_not_stale(code, given):
    found = again(code, SERVED, **given)
    assert (found.verdict, notes(found)) == ("pass", set())
