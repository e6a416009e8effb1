"""What ``new`` writes reads back as it was meant, and lints clean."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from weighlock.errors import PlanError, UsageError
from weighlock.plan.lint import lint
from weighlock.plan.model import Phase, Plan, Source
from weighlock.plan.read import read
from weighlock.plan.write.components import components, read_claim
from weighlock.plan.write.course import Order, drafts
from weighlock.plan.write.layout import phase_directory, single_file
from weighlock.plan.write.numbering import candidates, numbered
from weighlock.plan.write.project import Project
from weighlock.plan.write.specification import read_specification

HOME = "project-plans/it"
PYTHON = Project(
    language="python",
    source="kit",
    tests="tests",
    suite="pytest",
    one="pytest {path}",
    sound="python3 -m py_compile {path}",
    tested=True,
)
RUST = Project(
    language="rust",
    source="src",
    suite="cargo test --workspace",
    one="cargo test --test {name}",
    sound="cargo check --all-targets",
    beside=("src/lib.rs",),
)
PROJECTS = (PYTHON, RUST, Project(language="go"), Project())
WORKING = {"impl", "integration", "migration", "deprecation"}


def order_of(
    text: str, project: Project = PYTHON, claims: tuple[str, ...] = ()
) -> Order:
    found = read_specification(text.encode(), "spec.md")
    parts = components(found, [read_claim(c) for c in claims], name="it")
    return Order(
        id="PLAN-20261121-IT",
        home=HOME,
        lies=f"{HOME}/specification.md",
        specification=found,
        components=parts,
        project=project,
    )


def read_back(order: Order, text: str) -> Plan:
    files = [("specification.md", text.encode()), *phase_directory(order)]
    sources = [Source(path=path, data=data) for path, data in files]
    return read(sources, path=HOME, root=HOME)


# Specifications as people write them, with everything that might be taken for structure

NAMES = (
    "Parser",
    "2FA login",
    "Verify e-mail",
    "Clean-up of drafts",
    "Naïve Bayes",
    "C++",
)
COURSES = ("Integration", "Data migration", "Deprecation")
WORDS = (
    "The parser shall answer in 2 s.",
    "When a line is empty, the parser shall skip it.",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```bash\nrm -rf build\n```",
    "````markdown\n## Phase 9: Not one\n```sh\nls\n```\n````",
    "**Files to create:**\n- `src/never.py`",
    "- [ ] not a criterion of a phase",
    "Depends on: Phase 4",
    "- GIVEN: a text\n- WHEN: it is read\n- THEN: nothing is lost",
    "**GIVEN** a text\n**WHEN** it is read\n**AND** it is long\n**THEN** all is well",
    "<!-- a remark -->",
    "1. WHEN x THEN the system SHALL y",
    "Uses `kit/words.py` and `path/to/file`.",
    "> quoted [list] of <things> and PNN",
    "#### Notes",
    "Ünïcode – “quotes” … 100 % ✅",
    "Status: done",
)
SEPARATORS = (": ", " - ", " — ", "")
IDS = ("REQ-{}", "FR-{:03}", "REQ-AUTH-{:03}", "AUTH-{:03}", "REQ-1.{}", "R{}")


@st.composite
def specifications(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return a specification, and its ids in the order of the text."""
    pattern = draw(st.sampled_from(IDS))
    lines, ids = [f"# {draw(st.sampled_from(('Slugs', 'Spec: Slugs', 'It')))}", ""], []
    heads = [*NAMES, *COURSES, "Functional Requirements"]
    for head in draw(
        st.lists(st.sampled_from(heads), min_size=1, max_size=4, unique=True)
    ):
        lines += [f"## {head}", ""]
        listed = draw(st.booleans())
        for _ in range(draw(st.integers(1, 3))):
            ids.append(pattern.format(len(ids) + 1))
            title = draw(
                st.sampled_from(("A title", "Files to create", "Done: yes", "`x`"))
            )
            if listed:
                lines.append(f"- **{ids[-1]}**: {title}")
            else:
                lines += [
                    "",
                    f"### {ids[-1]}{draw(st.sampled_from(SEPARATORS))} {title}",
                    "",
                ]
                for text in draw(st.lists(st.sampled_from(WORDS), max_size=4)):
                    lines += [text, ""]
        lines.append("")
    # One line "AUTH-001: …" alone may as well be "UTF-8: …".
    assume(len(ids) > 1 or not pattern.startswith("AUTH"))
    return "\n".join(lines), ids


@settings(max_examples=8, deadline=None)
@given(specifications(), st.sampled_from(PROJECTS))
def test_a_plan_reads_back_as_it_was_meant_and_lints_clean(
    spec: tuple[str, list[str]], project: Project
):
    hold_the_law(spec, project)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(specifications(), st.sampled_from(PROJECTS))
def test_many_plans_read_back_as_they_were_meant_and_lint_clean(
    spec: tuple[str, list[str]], project: Project
):
    hold_the_law(spec, project)


def hold_the_law(spec: tuple[str, list[str]], project: Project) -> None:
    text, ids = spec
    order = order_of(text, project)
    assert [r.id for r in order.specification.requirements] == ids
    plan, meant = read_back(order, text), drafts(order)
    assert [said(p) for p in plan.phases] == [
        (
            (d.key, d.title, d.kind, (d.needs,) if d.needs else ()),
            tuple(r.id for r in d.requirements),
            {(f.path, f.action) for f in d.files},
            len(d.checks),
            d.key[:-1] if d.kind == "verification" else None,
        )
        for d in meant
    ]
    for name in ids:
        kinds = [p.kind for p in plan.phases if name in p.requirements]
        assert kinds.index("tdd") < max(n for n, k in enumerate(kinds) if k in WORKING)
    one = read([Source(path="it.md", data=single_file(order))], path="it.md", root=".")
    assert [(p.key, p.kind, p.requirements) for p in one.phases] == [
        (p.key, p.kind, p.requirements) for p in plan.phases
    ]
    assert [p for p in (*lint(plan), *lint(one)) if p.severity != "info"] == []


def said(phase: Phase) -> tuple[object, ...]:
    return (
        (phase.key, phase.title, phase.kind, phase.needs),
        phase.requirements,
        {(f.path, f.action) for f in phase.files},
        len(phase.commands),
        phase.verifies,
    )


def test_every_command_of_a_plan_may_fail_and_says_what_it_shows():
    text = "# S\n\n- REQ-1: a\n- REQ-2: b\n"
    for project in PROJECTS:
        for phase in read_back(order_of(text, project), text).phases:
            assert phase.commands or phase.key == "00"
            forms = {c.expect.form for c in phase.commands}
            assert forms <= {"default", "pass", "fail", "min", "none"}


def test_headings_with_a_name_of_their_own_make_components():
    text = """# S
## Functional Requirements
- REQ-1: a
## Word Parser
- REQ-2: b
## Integration
- REQ-3: c
## Out of scope
- REQ-9: never
"""
    order = order_of(text)
    assert [(c.name, c.course, len(c.requirements)) for c in order.components] == [
        ("S", "feature", 1),
        ("Word Parser", "feature", 1),
        ("Integration", "integration", 1),
    ]
    assert order.specification.excluded == ("REQ-9",)
    assert [p for p in lint(read_back(order, text)) if p.severity != "info"] == []


def test_a_section_of_components_says_what_belongs_to_each():
    text = """# S
## Components
- **Reader** (`src/reader.py`, `tests/test_read.py`): REQ-1
- **Writer**: REQ-2, REQ-3
## Requirements
- REQ-1: a
- REQ-2: b
- REQ-3: c
"""
    order = order_of(text)
    assert [c.name for c in order.components] == ["Reader", "Writer"]
    files = {f.path for d in drafts(order) if "Reader" in d.title for f in d.files}
    assert files == {"src/reader.py", "tests/test_read.py"}


def test_components_can_be_claimed_on_the_command_line():
    text = "# S\n\n- REQ-A-1: a\n- REQ-A-2: b\n- REQ-B-1: c\n"
    order = order_of(text, claims=("Reader=REQ-A-*,src/reader.py",))
    assert [(c.name, len(c.requirements)) for c in order.components] == [
        ("Reader", 2),
        ("S", 1),
    ]
    with pytest.raises(PlanError, match="REQ-Z-1"):
        order_of(text, claims=("Reader=REQ-Z-1",))
    with pytest.raises(UsageError, match="what belongs to it"):
        read_claim("Reader")


def test_ears_and_steps_become_given_when_then():
    text = """# S
### REQ-1: Blocking
While offline, when a page is asked for, the reader shall show the copy it kept.
### REQ-2
- GIVEN: x
- WHEN: y
- AND: z
- THEN: w
### REQ-3: One line
GIVEN a WHEN b THEN c
### REQ-4: EARS
WHEN the reader asks for a page, or a part, THE SYSTEM SHALL show it.
### REQ-5: EARS without a comma
- WHEN the title is the last THE SYSTEM SHALL stop.
"""
    one, two, three, *ears = (
        r.scenarios for r in read_specification(text.encode(), "s.md").requirements
    )
    assert (one[0].given, one[0].when) == ("offline", "a page is asked for")
    assert one[0].then.startswith("the reader shall")
    assert (two[0].given, two[0].when, two[0].then) == ("x", "y; z", "w")
    assert (three[0].given, three[0].when, three[0].then) == ("a", "b", "c")
    assert [(e.when, e.then) for (e,) in ears] == [
        ("the reader asks for a page, or a part", "THE SYSTEM SHALL show it."),
        ("the title is the last", "THE SYSTEM SHALL stop."),
    ]


def test_a_requirement_without_a_word_is_a_fault_with_a_place():
    with pytest.raises(PlanError, match="REQ-2 says nothing") as caught:
        read_specification(b"# S\n\n### REQ-1: a\n\n### REQ-2:\n\n- GIVEN:\n", "s.md")
    assert caught.value.where == "s.md:5"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# S\n\n### Requirement: Login\n\nIt shall.\n", "### REQ-001: Login"),
        ("# S\n\n### Requirement 1: Login\n\n1. WHEN x\n", "### REQ-001: Login"),
        ("# S\n\n#### Scenario: Login works\n- WHEN x\n", "#### REQ-001: Login works"),
        ("# S\n\n## Requirements\n\n- it works\n", "- REQ-001: it works"),
        ("# S\n\nThe reader shall read.\n", "REQ-001: The reader shall read."),
    ],
)
def test_a_specification_without_ids_can_be_numbered(text: str, line: str):
    assert candidates(text.encode())
    written = numbered(text.encode(), "REQ", "s.md").decode()
    assert line in written.splitlines()
    assert re.sub(r"REQ-001: ", "", written).count("\n") == text.count("\n")
    assert [r.id for r in read_specification(written.encode(), "s").requirements] == [
        "REQ-001"
    ]


def test_a_prefix_that_makes_no_ids_is_refused():
    with pytest.raises(UsageError, match="--number"):
        numbered(b"# S\n\n- it shall\n", "my reqs", "s.md")


def test_a_requirement_of_any_length_is_one():
    text = "# S\n\n- REQ-1: " + "so long " * 9000
    found = read_specification(text.encode(), "s.md").requirements
    assert [r.id for r in found] == ["REQ-1"]


@pytest.mark.parametrize(
    "line",
    [
        "- [REQ-1] it works",
        "- REQ-1 it works",
        "REQ-1 The kit shall work",
        "**REQ-1**: it works",
    ],
)
def test_ids_stand_as_people_write_them(line: str):
    found = read_specification(f"# S\n\n{line}\n".encode(), "s.md").requirements
    assert [(r.id, bool(r.statement)) for r in found] == [("REQ-1", True)]


@pytest.mark.parametrize("line", ["- REQ-1 and REQ-2", "REQ-1 is old", "- REQ-1, 2"])
def test_a_mention_of_an_id_is_no_requirement(line: str):
    assert not read_specification(f"# S\n\n{line}\n".encode(), "s.md").requirements


def test_a_summary_does_not_stand_for_what_is_said_below():
    text = "# S\n\n- REQ-1 the short form\n\n### REQ-1: Greeting\n\nIt says hello.\n"
    found = read_specification(text.encode(), "s.md").requirements
    assert [r.title for r in found] == ["Greeting"]


def test_headings_that_every_specification_has_name_no_part():
    heads = ("Requirements *(mandatory)*", "Formal Requirements", "Success Criteria")
    text = "# Kit\n" + "".join(
        f"\n## {head}\n\n- REQ-{n}: a\n" for n, head in enumerate(heads)
    )
    assert [c.name for c in order_of(text).components] == ["Kit"]
