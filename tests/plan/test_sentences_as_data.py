"""What sentences, small tables and shown output of a phase say."""

from weighlock.plan.model import Phase, Plan, Source
from weighlock.plan.read import read


def plan_of(text: str, path: str = "x.md") -> Plan:
    return read([Source(path=path, data=text.encode())], path=path, root=".")


def one(text: str) -> Phase:
    return plan_of(f"# P\n## Phase 1: A\n{text}\n## Phase 2: B\n").phases[0]


def expected(text: str) -> list[tuple[str, str]]:
    return [(c.text, c.expect.form) for c in one(text).commands]


def test_a_sentence_that_says_what_to_expect_is_a_command():
    text = """Verify: `pytest tests/mail -q` passes
1. Run `cargo test`; it should pass
2. Check that `git diff --stat` shows nothing
- Confirm `curl -s localhost:1` fails.
Execute `make lint` and expect exit code 0
"""
    assert expected(text) == [
        ("pytest tests/mail -q", "pass"),
        ("cargo test", "pass"),
        ("git diff --stat", "none"),
        ("curl -s localhost:1", "fail"),
        ("make lint", "exit"),
    ]


def test_a_sentence_that_only_does_work_or_names_code_is_no_command():
    assert not expected("1. Run `npm install left-pad`\n2. Verify `Foo` is exported\n")


def test_output_shown_below_expected_output_is_expected():
    text = "Run: `wc -w a`\n\nExpected output:\n```\nthree words found\n```\n"
    (command,) = one(text).commands
    assert (command.expect.form, command.expect.value) == (
        "contains",
        "three words found",
    )


def test_shown_output_of_several_lines_is_for_a_reviewer():
    assert expected("Run: `ls`\nExpected:\n```\na\nb\n```\n") == [("ls", "prose")]


def test_a_table_of_files_and_changes_lists_files():
    text = """| File | Change |
|---|---|
| `src/in.py` | new |
| `src/out.py` | Extract the writer |
| src/old.py | remove |

| File | Purpose |
|---|---|
| `src/seen.py` | reads |
"""
    files = [(f.path, f.action) for f in one(text).files]
    assert files == [
        ("src/in.py", "create"),
        ("src/out.py", "modify"),
        ("src/old.py", "delete"),
    ]


def test_one_line_of_files_may_hold_several_actions():
    files = one("**Files:** Create `a.py`, modify `b.py` and delete `c.py`").files
    assert [(f.path, f.action) for f in files] == [
        ("a.py", "create"),
        ("b.py", "modify"),
        ("c.py", "delete"),
    ]


def test_marks_of_emphasis_are_no_part_of_a_title():
    text = (
        "## Step 1 - *Inventory*\n## __Step 2__: Add `__init__.py`\n## _Step 3_ x_y\n"
    )
    titles = [(p.key, p.title) for p in plan_of(text).phases]
    assert titles == [("01", "Inventory"), ("02", "Add `__init__.py`"), ("03", "x_y")]


def test_needs_in_the_brackets_of_a_title_and_nothing_are_stated():
    text = (
        "## Task 1: A\n## Task 2: B\nNeeds nothing.\n## Task 3: C (depends on Task 1)\n"
    )
    phases = plan_of(text).phases[1:]
    assert [(p.needs, p.needs_from) for p in phases] == [
        ((), "stated"),
        (("01",), "stated"),
    ]


def test_with_and_a_bare_number_names_a_group():
    text = "## Phase 2A: L\n**Parallel:** With 2B\n## Phase 2B: R\n"
    assert plan_of(text).phases[0].group == "02a+02b"


def test_ids_in_a_range_are_not_defined_there():
    plan = plan_of("## Phase 1: A\n### Requirements\n- `REQ-X-001` - `REQ-X-003`\n")
    assert [(r.id, r.text) for r in plan.requirements] == [
        ("REQ-X-001", ""),
        ("REQ-X-002", ""),
        ("REQ-X-003", ""),
    ]


def test_a_row_of_parallel_boxes_ends_with_its_section():
    text = """## Phase 1: Setup
- [ ] T001 a
- [ ] T002 [P] b
- [ ] T003 [P] c
## Phase 2: Story
- [ ] T004 [P] d
- [ ] T005 e
"""
    needs = {p.key: p.needs for p in plan_of(text, "tasks.md").phases}
    assert needs["T003"] == ("T001",)
    assert needs["T004"] == ("T002", "T003")
    assert needs["T005"] == ("T004",)


def test_an_objective_of_one_line_ends_with_its_tag():
    head = b"---\nwave: 1\n---\n<objective>Dig.</objective>\n"
    sources = [Source(path=f"03-0{n}-PLAN.md", data=head) for n in (1, 2)]
    assert read(sources, path="x", root="x").phases[0].title == "Dig."


def test_commands_in_a_list_say_behind_them_what_to_expect():
    text = """Commands:
- `npm test` → all green
- `npm run lint` (exit 0)
- `rg "foo" src | wc -l` = 0
- `dot -T svg` then look at each graph, which has no errors
"""
    assert expected(text) == [
        ("npm test", "pass"),
        ("npm run lint", "exit"),
        ('rg "foo" src | wc -l', "exact"),
        ("dot -T svg", "default"),
    ]


def test_a_here_document_may_have_a_remark_behind_its_word():
    text = "```bash\npython - <<PY  # Expected: prints 42\nprint(42)\nPY\n```\n"
    assert [c.text.count("\n") for c in one(text).commands] == [2]


def test_weeks_remarks_and_boxes_are_no_part_of_a_title():
    text = "## Phase 1 (Week 1-2): Basis\n## Phase 2: B <!-- Phase 7 -->\n"
    text += "## Phase 3: C [x]\n"
    titles = [p.title for p in plan_of(text).phases]
    assert titles == ["Basis", "B", "C"]


def test_ids_stand_in_tables_and_behind_other_words_for_implements():
    text = (
        "### Requirements\n| Requirement | Notes |\n|---|---|\n| REQ-Q-001..002 | - |\n"
    )
    assert one(text).requirements == ("REQ-Q-001", "REQ-Q-002")
    assert one("Satisfies: R2\n").requirements == ("R2",)


def test_depends_upon_and_with_a_hyphen_are_needs():
    text = "## Step 1: A\n## Step 2: B\n## Step 3: C\nDepends-on: Step 1\n"
    text += "## Step 4: D\n- depends upon steps 1 and 2\n"
    assert [p.needs for p in plan_of(text).phases[2:]] == [("01",), ("01", "02")]
