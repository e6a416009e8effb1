"""Checks that accuse: tests without substance, code nobody reaches, stand-ins."""

from collections.abc import Callable

import pytest
from tests_checks import Project, codes, held, phase

from weighlock.checks.accusers import weak
from weighlock.checks.changes import effect, shadows
from weighlock.checks.kinds import RULES
from weighlock.checks.reach import wiring

TEST = "tests/test_slug.py"
SPEC = "src/bucket.spec.ts"
GOOD = "import { pick } from './bucket';\nit('x', () => { expect(pick()).toBe(1); });\n"


@pytest.fixture
def tdd(project: Callable[..., Project]) -> Project:
    return project({"src/slug.py": "x = 1\n"}, phase("04", kind="tdd"))


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (TEST, "def test_a():\n    assert slugify('A') == 'a'\n", set()),
        (TEST, "def test_a():\n    with raises(E):\n        f()\n", set()),
        (TEST, "def test_a():\n    self.assertEqual(f(), 1)\n", set()),
        (TEST, "def test_a():\n    check_slug(f())\n", set()),
        (TEST, "def test_a():\n    f()\n", {"tautology"}),
        (TEST, "def test_a():\n    assert True\n", {"tautology"}),
        (TEST, "def test_a():\n    assert 1 == 1\n", {"tautology"}),
        (
            TEST,
            "def test_a():\n    f(m)\n    m.assert_called_once()\n",
            {"mock-theatre"},
        ),
        (SPEC, GOOD, set()),
        (SPEC, GOOD + "vi.mock('./network');\n", set()),
        (SPEC, GOOD + "vi.mock('./bucket');\n", {"mock-subject"}),
        (
            SPEC,
            "it('x', () => { f(m); expect(m).toHaveBeenCalledWith(1); });\n",
            {"mock-theatre"},
        ),
        (SPEC, "it('x', () => { f(); expect(true).toBe(true); });\n", {"tautology"}),
    ],
)
def test_an_added_test_is_accused_for_what_it_asserts(
    tdd: Project, path: str, text: str, found: set[str]
) -> None:
    looked = tdd.look(weak.look, {path: text})
    assert codes(looked) == found
    assert looked.verdict == ("review" if found else "pass")


def test_old_tests_are_never_accused(project: Callable[..., Project]) -> None:
    old = "def test_old():\n    f()\n"
    made = project({TEST: old}, phase(kind="tdd"))
    more = old + "\n\ndef test_new():\n    assert f() == 1\n"
    assert made.look(weak.look, {TEST: more}).verdict == "pass"


@pytest.mark.parametrize(
    ("app", "found"),
    [
        ("def main():\n    pass\n", {"not-wired"}),
        ("from src.new import fresh\n\n\ndef main():\n    pass\n", {"not-wired"}),
        ("from src.new import fresh\n\n\ndef main():\n    fresh()\n", set()),
    ],
)
def test_new_code_of_an_integration_phase_is_used_not_only_imported(
    project: Callable[..., Project], app: str, found: set[str]
) -> None:
    made = project({"src/app.py": "x = 1\n"}, phase(kind="integration"))
    work = {"src/app.py": app, "src/new.py": "def fresh():\n    return 1\n"}
    assert codes(made.look(wiring.look, work)) == found


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("pytest.py", "fail"),
        ("src/_pytest/__init__.py", "fail"),
        ("node_modules/left/index.js", "fail"),
        ("random.py", "review"),
        ("src/slug2.py", "pass"),
        ("src/textkit/random.py", "pass"),
    ],
)
def test_a_file_that_stands_in_for_a_dependency_is_seen(
    tdd: Project, path: str, verdict: str
) -> None:
    found = tdd.look(shadows.look, {path: "x = 1\n"})
    why = set() if verdict == "pass" else {"dependency-shadowed"}
    assert (found.verdict, codes(found)) == (verdict, why)


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("src/a.js", {"dependency-shadowed"}),
        ("src/a.d.ts", set()),
        ("src/a.css", set()),
        ("lib/a.js", set()),
        ("src/test/java/b/A.java", {"dependency-shadowed"}),
        ("src/test/java/b/AB.java", set()),
    ],
)
def test_a_file_that_is_found_before_the_one_it_doubles_is_seen(
    path: str, seen: set[str]
) -> None:
    base = {"src/a.ts": "export {};\n", "src/main/java/b/A.java": "class A {}\n"}
    subject = held(phase(), base, {path: "x\n"})
    assert codes(shadows.look(subject, RULES["impl"])) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("macro_rules! assert_eq { ($($t:tt)*) => {} }\n", {"harness-tampered"}),
        ("macro_rules! assert_span { ($($t:tt)*) => {} }\n", set()),
    ],
)
def test_an_assertion_of_rust_keeps_its_meaning(
    tdd: Project, text: str, seen: set[str]
) -> None:
    assert codes(tdd.look(shadows.look, {"src/span.rs": text})) == seen


def test_a_python_file_has_to_parse(tdd: Project) -> None:
    stub = tdd.says(phase("03", kind="stub", files="+src/new.py"))
    found = stub.look(effect.look, {"src/new.py": "def f(:\n"})
    assert codes(found) == {"unreadable"}
