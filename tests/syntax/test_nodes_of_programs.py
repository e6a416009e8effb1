"""Functions, classes and tests are found, and the one that a comment is about."""

import pytest

from weighlock.syntax import nodes, outline

PY = '''"""Module."""
# @plan header

import os

# @plan f
@os.x
def f():
    """Say."""
    def inner():
        return 1  # in inner
    return inner


class Bucket:
    text = """
  # no comment
"""

    # @plan take
    def take(self):
        pass
'''
TS = """/**
 * header
 */
import x from 'y';

/**
 * of f
 */
export function f() {
  return 1; // in f
}
@Injectable()
export class Bucket {
  // of take
  @log()
  take() {}
  give = () => 1;
}
export const h = async () => {};
describe('bucket', () => {
  // of the test
  it('takes one @plan:X.P03', async () => {
    expect(1).toBe(1);
  });
  it.each([1])('each', (n) => {});
});
interface Shape { a: string }
"""
RUST = """//! header
use a::b;

/// of S
#[derive(Debug)]
pub struct S;

impl fmt::Display for S<T> {
    fn fmt(&self) {}
}

#[cfg(test)]
mod tests {
    // of the test
    #[tokio::test]
    async fn takes() {
        // in the test
    }
}
"""
GO = """package a

// of Bucket
type Bucket struct{}

func (b *Bucket[T]) Take() int { return 1 }

func TestTake(t *testing.T) {
\tt.Run("sub", func(t *testing.T) {})
}
"""
JAVA = """package a;

/** of A */
public class A {
  // of take
  @Test
  void take() {}
  A() {}
}
"""


def found(path: str, text: str) -> list[tuple[str, str]]:
    return [(n.kind, n.name) for n in nodes(path, text.encode())]


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        (
            "a.py",
            PY,
            "function f · function f.inner · class Bucket · function Bucket.take",
        ),
        (
            "a.ts",
            TS,
            (
                "function f · class Bucket · function Bucket.take · "
                "function Bucket.give · function h · test bucket · "
                "test bucket > takes one @plan:X.P03 · test bucket > each · "
                "class Shape"
            ),
        ),
        (
            "a.rs",
            RUST,
            (
                "class S · class fmt::Display for S · function S.fmt · "
                "module tests · test tests.takes"
            ),
        ),
        (
            "a_test.go",
            GO,
            "class Bucket · function Bucket.Take · test TestTake · test TestTake > sub",
        ),
        ("A.java", JAVA, "class A · test A.take · function A.A"),
        (
            "test_a.py",
            "class TestA:\n  def test_b(self): pass\n",
            "test TestA · test TestA.test_b",
        ),
        ("a.py", "def test_connection(): pass\n", "function test_connection"),
        (
            "a.js",
            "pattern.test('x', y); module.exports.go = () => {};",
            "function module.exports.go",
        ),
        ("a.rb", "def f\nend\n", ""),
    ],
)  # fmt: skip
def test_nodes_are_found(path, text, names):
    shown = " · ".join(f"{kind} {name}" for kind, name in found(path, text))
    assert shown == names


@pytest.mark.parametrize(
    ("path", "text", "about"),
    [
        ("a.py", PY, {"header": "", "@plan f": "f", "in inner": "f.inner",
                      "@plan take": "Bucket.take", "no comment": "Bucket"}),
        ("a.ts", TS, {"header": "", "of f": "f", "in f": "f", "of take": "Bucket.take",
                      "of the test": "bucket > takes one @plan:X.P03",
                      "P03": "bucket > takes one @plan:X.P03"}),
        ("a.rs", RUST, {"header": "", "of S": "S", "of the test": "tests.takes",
                        "in the test": "tests.takes"}),
        ("a_test.go", GO, {"of Bucket": "Bucket"}),
        ("A.java", JAVA, {"of A": "A", "of take": "A.take"}),
    ],
)  # fmt: skip
def test_a_comment_is_about_what_it_stands_on(path, text, about):
    lines = text.splitlines()
    seen = outline(path, text.encode())
    assert seen is not None
    for words, name in about.items():
        line = next(n for n, each in enumerate(lines, 1) if words in each)
        assert (words, seen.at(line).name) == (words, name)


def test_a_comment_with_a_blank_line_under_it_is_about_what_is_around():
    seen = outline("a.py", b"# x\n\ndef f():\n    pass\n")
    assert seen is not None
    assert seen.at(1).kind == "module"


def test_decorators_and_attributes_belong_to_their_node():
    [f, *_] = nodes("a.py", PY.encode())
    assert (f.line, f.end_line) == (7, 12)
    [s, *_] = nodes("a.rs", RUST.encode())
    assert (s.line, s.end_line) == (5, 6)


@pytest.mark.parametrize(
    ("path", "text"), [("a.py", PY), ("a.ts", TS), ("a.rs", RUST), ("A.java", JAVA)]
)
def test_a_digest_is_of_the_syntax_alone(path, text):
    sign = "#" if path == "a.py" else "//"
    lines = [
        line
        for line in text.splitlines()
        if not line.strip().startswith(sign + " ") or "no comment" in line
    ]
    between = "\n" if path == "a.py" else "\n\n"  # a text of it holds lines
    again = between.join(["", *lines]).replace("Say.", "Tell.")
    one = {n.name: n.digest for n in nodes(path, text.encode())}
    assert {n.name: n.digest for n in nodes(path, again.encode())} == one
    changed = {n.name: n.digest for n in nodes(path, text.replace("1", "2").encode())}
    assert changed != one or "1" not in text


def test_a_change_reaches_the_nodes_around_it_and_no_other():
    old = {n.name: n.digest for n in nodes("a.ts", TS.encode())}
    new = nodes("a.ts", TS.replace("toBe(1)", "toBe(2)").encode())
    changed = {n.name for n in new if old[n.name] != n.digest}
    assert changed == {"bucket", "bucket > takes one @plan:X.P03"}


def test_what_parses_beside_what_does_not_is_found():
    broken = "function f() {\n  return 1;\n}\nconst = ;;; {{\n"
    assert ("function", "f") in found("a.ts", broken)
    assert outline("a.py", b"def f(:\n") is None


def test_deep_and_many_nodes_are_bounded():
    deep = "function a() {" * 200 + "}" * 200
    assert len(nodes("a.ts", deep.encode())) == 32
    many = "".join(f"function f{n}() {{}}\n" for n in range(3_000))
    seen = outline("a.ts", many.encode())
    assert seen is not None
    assert seen.at(2_000).name == "f1999"


def test_a_text_that_would_keep_the_parser_busy_for_ever_has_no_form():
    told = b'<t e="""><![r:e<a>s:'  # found by fuzzing; there is no end to its mending
    assert outline("a.tsx", told) is None
