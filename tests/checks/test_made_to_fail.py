"""A test that is made to fail keeps its name and its place, and cannot pass."""

import ast

import pytest

from weighlock.checks.runners.failing import failing

PYTHON = (
    "import pytest\n\n\n"
    "@pytest.mark.parametrize('n', [1, 2])\n@caught\n"
    "def test_a(n):\n    assert n\n\n\n"
    "class TestB:\n    def test_a(self):\n        return 1\n"
)


def made(path: str, text: str, title: str) -> str:
    changed = failing(path, text.encode(), title)
    assert changed is not None
    return changed.decode()


def test_a_python_test_fails_under_every_parameter() -> None:
    text = made("tests/test_a.py", PYTHON, "test_a")
    scope: dict[str, object] = {}
    function = ast.parse(text).body[1]
    assert isinstance(function, ast.FunctionDef)
    assert [ast.unparse(d) for d in function.decorator_list] == [
        "pytest.mark.parametrize('n', [1, 2])"
    ]
    function.decorator_list = []
    exec(compile(ast.unparse(function), "a", "exec"), scope)  # noqa: S102 - its purpose
    test = scope["test_a"]
    assert callable(test)
    with pytest.raises(AssertionError):
        test(1)
    assert text.endswith("        return 1\n")


def test_a_method_is_found_in_its_class_alone() -> None:
    text = made("tests/test_a.py", PYTHON, "TestB.test_a")
    assert "raise AssertionError" in text.partition("class TestB")[2]
    assert "raise" not in text.partition("class TestB")[0]


@pytest.mark.parametrize(
    ("path", "text", "title", "held"),
    [
        ("a.test.ts", "test('x', async () => { await f(); });", "x", "throw new"),
        ("a.test.js", "it.each([1])('x', (n) => f(n));", "x", "return (f(n)"),
        ("a.test.js", "it('x', () => f(1));", "x", "return (f(1)"),
        ("a.test.js", "test.fails('x', () => { throw 1; });", "x", None),
        ("a.test.js", "test.todo('x', () => {});", "x", None),
        ("a.rs", "#[test]\nfn x() -> Result<(), E> { f()?; Ok(()) }", "x", "panic!()"),
        ("a.rs", "#[test]\n#[should_panic]\nfn x() { f() }", "x", None),
        ("a.rs", "fn x() { f() }", "x", None),
        ("a_test.go", "package a\nfunc TestX(t *testing.T) { f() }", "TestX", "t.Fail"),
        ("a_test.go", "package a\nfunc TestX(m *testing.M) { f() }", "TestX", None),
        ("A.java", "class A { @Test void x() { f(); } }", "x", "AssertionError"),
        ("A.java", "class A { @Test void failsOn() { f(); } }", "failsOn", "throw new"),
        ("A.java", "class A { @Test(expected=E.class) void x() {} }", "x", None),
    ],
)
def test_a_test_is_made_to_fail_where_a_failure_is_one(
    path: str, text: str, title: str, held: str | None
) -> None:
    changed = failing(path, text.encode(), title)
    assert (changed is None) == (held is None)
    assert changed is None or str(held) in changed.decode()


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("assert slug('a') == 'x'", True),
        ("self.assertEqual(slug('a'), 3)", True),
        ("assert slug('a') != 'x'", False),
        ("assert slug('a')", False),
        ("for a in 'a':\n        assert slug(a) == 'x'", True),
        ("with pytest.raises(E):\n        assert slug('a') == 'x'", False),
    ],
)
def test_what_a_python_test_expects_is_changed(
    line: str,
    changed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    text = failing("test_a.py", f"def test_a():\n    {line}\n".encode(), "test_a", "W1")
    assert text is not None
    assert (b"'W1'" in text, b"'x'" in text) == (changed, "'x'" in line and not changed)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("expect(slug('a')).toBe('x');", True),
        ("assert.equal(slug('a'), 'x');", True),
        ("expect(slug('a')).not.toBe('x');", False),
        ("return expect(slug('a')).toBe('x');", False),
        ("other(slug('a'), 'x');", False),
    ],
)
def test_what_a_script_s_test_expects_is_changed(
    line: str,
    changed: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    text = failing("a.test.js", f"it('a', () => {{ {line} }});".encode(), "a", "W1")
    assert text is not None
    assert (b"'W1'" in text, b"'x'" in text) == (changed, not changed)
