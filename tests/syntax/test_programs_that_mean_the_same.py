"""Comments and layout are nothing; every other difference is one."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.syntax import lexical, normal
from weighlock.syntax.language import Lexis

PYTHON = 'def f(a):\n    """Say."""\n    # why\n    return [a, "x # y"]\n'
SCRIPT = "// why\nexport function f(a) {\n  return [a, 'x // y'];\n}\n"
RUST = '/// Say.\nfn f(a: u8) -> (u8,) {\n    g(a, "x // y"); // why\n    (a,)\n}\n'
GO = 'package a\n\n// F says.\nfunc F(a int) int {\n\tg("x // y")\n\treturn a + 1\n}\n'
JAVA = 'class A {\n  /** Say. */\n  int f(int a) { g("x // y"); return a + 1; }\n}\n'
TEXTS = {
    "a.py": PYTHON,
    "a.js": SCRIPT,
    "a.tsx": SCRIPT,
    "a.rs": RUST,
    "a.go": GO,
    "A.java": JAVA,
}


def form(path: str, text: str) -> bytes:
    found = normal(path, text.encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.py", "x = 1", "x = (1)  # c"),
        ("a.py", "f(a, b)", "f(\n    a,\n    b,\n)"),
        ("a.py", "x = 'a'", 'x = "a"'),
        ("a.py", "def f():\n    pass", 'def f():\n    """Say."""'),
        ("a.ts", "f(a, b)", "f(\n  a,\n  b,\n);"),
        ("a.ts", "x = 'it\\'s'", 'x = "it\'s"'),
        ("a.ts", "x = (a + b)", "x = a + b"),
        (
            "a.ts",
            "interface A { a: string; b: number }",
            "interface A {\n  a: string,\n  b: number,\n}",
        ),
        ("a.tsx", "x = <a> hi\n  you</a>", "x = <a> hi you</a>"),
        ("a.tsx", "x = (\n  <a>\n    <b/>\n  </a>\n)", "x = <a><b/></a>"),
        ("a.rs", "fn f() { g(1, 2,) }", "fn f() {\n    g(1, 2) // x\n}"),
        ("a.rs", "/// Say.\nfn f() {}", "fn f() {}"),
        (
            "a.go",
            "package a\nfunc f() { a(); b() }",
            "package a\nfunc f() {\na()\nb()\n}",
        ),
        ("A.java", "class A { int[] a = {1,}; }", "class A {\n  int[] a = { 1 };\n}"),
    ],
)
def test_layout_is_nothing(path, one, other):
    assert form(path, one) == form(path, other)


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.py", "if a:\n    b\nc", "if a:\n    b\n    c"),
        ("a.py", "x = 'a b'", "x = 'a  b'"),
        ("a.py", "x = (1,)", "x = (1)"),
        ("a.ts", "function f() { return\nx }", "function f() { return x }"),
        ("a.ts", "x = [1,,]", "x = [1,]"),
        ("a.ts", "x = [,]", "x = []"),
        ("a.ts", "x = `a  b`", "x = `a b`"),
        ("a.ts", "(a?.b).c", "a?.b.c"),
        ("a.ts", "a * (b + c)", "a * b + c"),
        ("a.ts", "for (let i = 0;; i++) {}", "for (let i = 0; i++;) {}"),
        ("a.ts", "'use strict'", "('use strict')"),
        ("a.ts", "if (a); b()", "if (a) b()"),
        ("a.tsx", "x = <a>b c</a>", "x = <a>b  c</a>"),
        ("a.rs", "fn f() { (1,) }", "fn f() { (1) }"),
        ("a.rs", "fn f() { g() }", "fn f() { g(); }"),
        ("a.rs", "fn f() { m!(1,) }", "fn f() { m!(1) }"),
        ("a.go", "package a\n", "//go:build linux\n\npackage a\n"),
        ("A.java", 'class A { String a = "//b"; }', 'class A { String a = "//c"; }'),
    ],
)
def test_another_program_has_another_form(path, one, other):
    assert form(path, one) != form(path, other)


COMMENTS = {"a.py": "# {}", "a.go": "// {}"}
WORD = st.text("abc @plan:X.P05 'x\" ", min_size=1, max_size=12)


@settings(max_examples=40)
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 20), WORD)
def test_a_comment_line_anywhere_changes_nothing(path, at, words):
    lines = TEXTS[path].splitlines()
    at %= len(lines) + 1
    indent = re.match(r"\s*", lines[at])[0] if at < len(lines) else ""
    lines[at:at] = ["", indent + COMMENTS.get(path, "/* {} */").format(words), ""]
    assert form(path, "\n".join(lines)) == form(path, TEXTS[path])


@settings(max_examples=60)
@given(st.sampled_from(sorted(TEXTS)), st.randoms(use_true_random=False))
def test_a_word_of_the_program_that_changes_is_a_change(path, chance: random.Random):
    text = TEXTS[path]
    words = [
        m
        for m in re.finditer(r"\bf\b|\ba\b|\by\b|\bg\b|\b1\b", text)
        if "//" not in text[text.rfind("\n", 0, m.start()) + 1 : m.start()]
        or m[0] == "y"
    ]
    word = chance.choice(words)
    other = "2" if word[0] == "1" else "zz"
    changed = text[: word.start()] + other + text[word.end() :]
    assert normal(path, changed.encode()) != form(path, text)


@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.rs", "a.go", "A.java"])
def test_what_does_not_parse_has_no_form(path):
    assert normal(path, b"def f( {{{ class ]") is None


def test_another_language_and_too_long_a_text_have_no_form():
    assert normal("a.rb", b"x = 1\n") is None
    assert normal("a.ts", b"x;\n" * 1_000_000) is None


@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.tsx", "a.rs", "a.go", "A.java"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbfx",
        b"(" * 10_000,
        b"x = " + b"[" * 10_000 + b"]" * 10_000 + b";",
        b"a." * 5_000 + b"a",
        b"a + " * 2_000 + b"a",
        b"# coding: nope\n",
        b'"' * 9_999,
        b"`${" * 3_000,
    ],
)
def test_no_text_is_too_odd(path, data):
    assert isinstance(normal(path, data), bytes | None)
    assert isinstance(lexical.bare(path, data), str)


def test_letters_are_compared_in_time():
    how = Lexis(line=("//",), block=(("/*", "*/"),), quotes=('"', "'", "`"))
    for hostile in ("`" + "\\`" * 200_000, '"' + '\\"' * 200_000, "/*" * 200_000):
        assert lexical.strip(hostile, how) is not None


def test_letters_forget_comments_and_space_outside_strings():
    how = Lexis(line=("//",), quotes=('"',))
    assert lexical.strip('a  = "b  //" // c\n', how) == 'a="b  //"'
