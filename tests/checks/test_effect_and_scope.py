"""What was planned really changed, and nothing else did."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import Project, codes, held, notes, phase

from weighlock.checks import markers
from weighlock.checks.accusers import leftovers, smells
from weighlock.checks.changes import effect, scope
from weighlock.checks.history import look as history
from weighlock.checks.kinds import RULES
from weighlock.checks.subject import look_at

PY = 'def f(a):\n    """Say."""\n    return a + 1\n'
TS = "export function f(a: number) {\n  return `a // ${a}`; // sum\n}\n"
BASE = {
    "src/a.py": PY,
    "src/a.ts": TS,
    "src/old.py": "x = 1\n",
    "src/b.py": "y = 1\n",
    "data.json": "{}\n",
}


@pytest.fixture
def code(project: Callable[..., Project]) -> Project:
    return project(BASE)


@pytest.mark.parametrize(
    ("files", "work", "found"),
    [
        ("~src/a.py", {}, {"no-change"}),
        ("~src/a.py", {"src/a.py": "# hi\n" + PY}, {"comment-only"}),
        ("~src/a.py", {"src/a.py": PY.replace("Say", "Tell")}, {"comment-only"}),
        ("~src/a.py", {"src/a.py": PY.replace("a + 1", "(a\n + 1)")}, {"comment-only"}),
        ("~src/a.ts", {"src/a.ts": TS.replace("sum", "@plan:X.P05")}, {"comment-only"}),
        ("~src/a.ts", {"src/a.ts": "/* x */\n" + TS}, {"comment-only"}),
        ("+src/new.rs", {}, {"file-missing"}),
        ("+src/new.rs", {"src/new.rs": ""}, {"file-empty"}),
        ("+src/new.rs", {"src/new.rs": "// later\n"}, {"comment-only"}),
        ("+src/new.py", {"src/new.py": '"""Later."""\n'}, {"comment-only"}),
        ("-src/old.py", {}, {"no-change"}),
        ("=src/b.py", {"src/b.py": "y = 2\n"}, {"protected-changed"}),
        ("~data.json", {"data.json": "{}\n\n"}, {"comment-only"}),
        ("-src/never.py", {}, {"no-change"}),
        ("", {}, {"no-change"}),
        ("", {".completed/P05.md": "6 passed\n"}, {"no-change"}),
        ("", {"src/a.py": "# hi\n" + PY}, {"comment-only"}),
    ],
)
def test_an_effect_that_is_missing_fails(
    code: Project, files: str, work: dict[str, str], found: set[str]
) -> None:
    assert codes(code.says(phase(files=files)).look(effect.look, work)) == found


@pytest.mark.parametrize(
    ("files", "work"),
    [
        ("~src/a.py", {"src/a.py": PY.replace("+ 1", "+ 2")}),
        ("~src/a.ts", {"src/a.ts": TS.replace("a // $", "a //  $")}),
        ("+pkg/__init__.py +x/.gitkeep", {"pkg/__init__.py": "", "x/.gitkeep": ""}),
        ("+src/gen/*.py", {"src/gen/one.py": "x = 1\n", "src/gen/two.py": ""}),
        ("+src/gen/", {"src/gen/one.py": "x = 1\n"}),
        ("-src/old.py", {"src/old.py": None}),
        ("=src/b.py ~src/a.py", {"src/a.py": "z = 1\n"}),
        ("", {"src/b.py": "y = 3\n"}),
        ("~data.json", {"data.json": "[]\n"}),
    ],
)
def test_an_effect_that_is_there_passes(
    code: Project, files: str, work: dict[str, str | None]
) -> None:
    found = code.says(phase(files=files)).look(effect.look, work)
    assert (found.verdict, found.reasons) == ("pass", ())


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        ("Add comments to posts", "review"),
        ("Do the work", "fail"),
        ("Translate all comments", "pass"),
        ("Improve docstrings", "pass"),
    ],
)
def test_a_title_that_may_mean_two_things_is_for_a_person(
    title: str, verdict: str
) -> None:
    subject = held(
        phase(files="~src/a.py", title=title), BASE, {"src/a.py": f"#\n{PY}"}
    )
    assert effect.look(subject, RULES["impl"]).verdict == verdict


def test_a_move_is_honest_and_so_is_a_new_mode(code: Project) -> None:
    moved = code.says(phase(files="-src/old.py +lib/old.py"))
    work = {"src/old.py": None, "lib/old.py": "x = 1\n"}
    assert moved.look(effect.look, work).verdict == "pass"
    script = code.says(phase(files="~src/a.py"))
    runnable = script.deliver(lambda root: (root / "src/a.py").chmod(0o755))
    assert runnable.head != script.base
    subject = look_at(
        script.git,
        plan=script.plan,
        phase=script.phases[-1],
        delivery=runnable,
        settings=script.settings,
        plan_root=None,
    )
    assert effect.look(subject, RULES["impl"]).verdict == "pass"


def test_a_phase_about_comments_may_change_comments(code: Project) -> None:
    asked = code.says(phase(files="~src/a.py", title="Add docstrings to a"))
    found = asked.look(effect.look, {"src/a.py": "# hi\n" + PY})
    assert found.verdict == "pass"


@pytest.mark.parametrize(
    ("kind", "work", "verdict", "found"),
    [
        ("impl", {"src/b.py": "y = 2\n"}, "review", {"out-of-scope"}),
        ("impl", {"src/b.py": None}, "fail", {"unplanned-deletion"}),
        ("tdd", {"src/b.py": "y = 2\n"}, "fail", {"out-of-scope"}),
        ("design", {"src/b.py": "y = 2\n"}, "fail", {"out-of-scope"}),
        ("tdd", {"src/new.py": "y = 2\n"}, "fail", {"out-of-scope"}),
    ],
)
def test_work_beside_the_plan_is_seen(
    code: Project,
    kind: str,
    work: dict[str, str | None],
    verdict: str,
    found: set[str],
) -> None:
    looked = code.says(phase(files="~src/a.py", kind=kind)).look(scope.look, work)
    assert (looked.verdict, codes(looked)) == (verdict, found)


@pytest.mark.parametrize(
    "work",
    [
        {"src/b.py": "# a word\ny = 1\n"},
        {"src/new.py": "z = 1\n"},
        {"CHANGELOG.md": "# Changes\n"},
        {"tests/test_b.py": "def test_b():\n    pass\n"},
    ],
)
def test_harmless_work_beside_the_plan_is_a_note(
    code: Project, work: dict[str, str]
) -> None:
    found = code.says(phase(files="~src/a.py")).look(scope.look, work)
    assert (found.verdict, notes(found)) == ("pass", {"out-of-scope"})


def test_a_phase_of_the_same_group_may_have_changed_its_own_files(
    code: Project,
) -> None:
    other = phase("06", files="~src/b.py", group="g")
    mine = phase("05", files="~src/a.py", group="g")
    found = code.says(other, mine).look(scope.look, {"src/b.py": "y = 2\n"})
    assert found.verdict == "pass"


def test_a_rust_test_module_in_a_product_file_is_a_test(
    project: Callable[..., Project],
) -> None:
    text = "pub fn f() -> i32 { todo!() }\n"
    tests = text + "\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n"
    crate = project({"src/lib.rs": text}, phase(kind="tdd"))
    assert crate.look(scope.look, {"src/lib.rs": tests}).verdict == "pass"
    wrong = {"src/lib.rs": tests.replace("todo!()", "1")}
    assert codes(crate.look(scope.look, wrong)) == {"out-of-scope"}


@pytest.mark.parametrize("target", ["/etc/passwd", "../../x", "../.git/config"])
def test_a_symlink_out_of_the_tree_is_unsafe(code: Project, target: str) -> None:
    def link(root: Path) -> None:
        (root / "src/link").symlink_to(target)

    found = code.look(history.look, link)  # type: ignore[arg-type]
    assert codes(found) == {"unsafe-path"}


def test_a_symlink_inside_the_tree_is_safe(code: Project) -> None:
    def link(root: Path) -> None:
        (root / "src/link").symlink_to("a.py")

    found = code.look(history.look, link)  # type: ignore[arg-type]
    assert found.verdict == "pass"


@pytest.mark.parametrize("path", ["SRC/A.py", "src/A.PY", "con.txt", "src/x. /y"])
def test_a_name_that_cannot_be_checked_out_everywhere_is_unsafe(
    code: Project, path: str
) -> None:
    found = code.look(history.look, {path: "x\n"})
    assert codes(found) == {"unsafe-path"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("# @plan:PLAN-X.P05\nz = 1\n", "pass"),
        ("# @plan PLAN-X.P05\nz = 1\n", "pass"),
        ("# @plan:PLAN-X.P5\nz = 1\n", "pass"),
        ("# @plan:PLAN-X.P06\nz = 1\n", "fail"),
        ("# @plan:PLAN-X.P055\nz = 1\n", "fail"),
        ("z = 1\n", "fail"),
    ],
)
def test_the_marker_of_the_phase_stands_on_added_lines(
    code: Project, text: str, verdict: str
) -> None:
    asked = code.says(phase(files="+src/new.py", markers=True))
    assert asked.look(markers.look, {"src/new.py": text}).verdict == verdict


def test_a_marker_that_stood_there_before_does_not_count(
    project: Callable[..., Project],
) -> None:
    old = "# @plan:PLAN-X.P05\nx = 1\n"
    marked = project({"a.py": old}, phase(files="~a.py", markers=True))
    found = marked.look(markers.look, {"a.py": old + "y = 2\n"})
    assert codes(found) == {"marker-missing"}


@pytest.mark.parametrize(
    ("path", "text", "code_"),
    [
        (
            "src/new.py",
            "import os\nif 'PYTEST_X' in os.environ:\n    pass\n",
            "env-gate",
        ),
        ("src/new.rs", "fn f() { if cfg!(test) { g() } }\n", "env-gate"),
        ("src/new.go", "package a\n\nvar T = testing.Testing()\n", "env-gate"),
        ("src/new.js", "if (Date.now() > 1830000000000) f();\n", "env-gate"),
        ("src/new.ts", "if (import.meta.env.MODE !== 'test') f();\n", "env-gate"),
        ("src/new.js", "if (new Error().stack.includes(w)) f();\n", "env-gate"),
        ("src/new.js", "if ('__vitest_worker__' in globalThis) f();\n", "env-gate"),
        (
            "src/new.go",
            'package a\n\nvar T = strings.HasSuffix(os.Args[0], ".test")\n',
            "env-gate",
        ),
        ("src/new.ts", "// eslint-disable-next-line\nf();\n", "suppression-added"),
        ("src/new.ts", "const a = b as any;\n", "suppression-added"),
    ],
)
def test_an_added_line_that_accuses_sends_to_a_person(
    code: Project, path: str, text: str, code_: str
) -> None:
    found = code.look(smells.look, {path: text})
    assert (found.verdict, codes(found)) == ("review", {code_})


def test_old_lines_never_accuse(project: Callable[..., Project]) -> None:
    old = "import os  # noqa\n"
    kept = project({"a.py": old})
    assert kept.look(smells.look, {"a.py": old + "x = 1\n"}).verdict == "pass"


@pytest.mark.parametrize(
    ("path", "text", "verdict"),
    [
        ("src/a.py", "def f(a):\n    raise NotImplementedError\n", "fail"),
        ("src/a.py", "def g(a):\n    raise NotImplementedError('x')\n", "review"),
        (
            "src/a.ts",
            "export function f() { throw new Error('NotYetImplemented'); }",
            "fail",
        ),
        (
            "src/a.py",
            "class Base:\n    def f(self):\n        raise NotImplementedError\n",
            "pass",
        ),
        ("src/a.py", "def f(a):\n    raise ValueError\n", "pass"),
        ("src/a.go", 'func f() int {\n\tpanic("not implemented")\n}\n', "fail"),
        ("src/a.go", 'func f() int {\n\tpanic("no room")\n}\n', "pass"),
        (
            "src/a.rs",
            "fn f() -> u8 {\n    g().unwrap_or_else(|| todo!())\n}\n",
            "review",
        ),
        ("src/a.rs", "fn f() {\n    g(); // todo!() is no way out\n}\n", "pass"),
        ("src/a.rs", 'fn f() {\n    say("todo!(1)");\n}\n', "pass"),
    ],
)
def test_a_stub_left_in_what_the_phase_is_about_is_seen(
    code: Project, path: str, text: str, verdict: str
) -> None:
    asked = code.says(phase(files=f"~{path}", text="Implement `f` now."))
    assert asked.look(leftovers.look, {path: text}).verdict == verdict


def test_template_text_left_in_a_design_is_partial(code: Project) -> None:
    design = code.says(phase(kind="design", files="+docs/d.md"))
    text = "# Domain\n\n[Describe the entities here]\n"
    found = design.look(leftovers.look, {"docs/d.md": text})
    assert codes(found) == {"partial"}


def test_a_class_that_another_file_extends_may_leave_its_methods_open(
    project: Callable[..., Project],
) -> None:
    made = project({"a.py": "A = 1\n"}, phase(files="+shape.py +box.py"))
    shape = "class Shape:\n    def area(self):\n        raise NotImplementedError\n"
    box = "import shape\nclass Box(shape.Shape):\n    def area(self): return 2\n"
    for other, verdict in ((box, "pass"), ("B = 1\n", "review")):
        work = {"shape.py": shape, "box.py": other}
        assert made.look(leftovers.look, work).verdict == verdict


@pytest.mark.parametrize(
    ("title", "text", "verdict"),
    [
        ("Write the guide", "# Guide\n\n## Use\n\n## Limits\n", "review"),
        ("Write the documentation", "# Guide\n\n## Use\n", "review"),
        ("Write the guide", "# Guide\n\nStart it.\n", "pass"),
    ],
)
def test_a_document_of_nothing_but_headings_is_not_written_yet(
    code: Project, title: str, text: str, verdict: str
) -> None:
    asked = code.says(phase(title=title, files="+docs/guide.md"))
    assert asked.look(effect.look, {"docs/guide.md": text}).verdict == verdict


@pytest.mark.parametrize(
    ("title", "verdict"),
    [("Move formatting to a module", "fail"), ("Apply formatting", "pass")],
)
def test_a_title_that_names_a_formatter_of_the_product_excuses_no_comments(
    project: Callable[..., Project], title: str, verdict: str
) -> None:
    made = project({"a.py": "x = 1\n"}, phase(title=title, files="~a.py"))
    assert made.look(effect.look, {"a.py": "# done\nx = 1\n"}).verdict == verdict
