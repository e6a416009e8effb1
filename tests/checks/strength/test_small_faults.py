"""Faults that are put into changed code, for every language that has a grammar."""

import ast

import pytest

from weighlock.checks.strength.mutators import bodies, grammar, python
from weighlock.syntax import grammars
from weighlock.syntax.language import Language

PYTHON = b'''"""Money."""

LIMIT = 5
NAMES = ["a", "b"]


class Till:
    rate: int = 19

    def tax(self, price: int) -> int:
        """Return the tax."""
        if price < 0 or price > LIMIT:
            raise ValueError(f"bad: {price + 1}")
        logging.info("tax %s", price + 2)
        self.seen = True
        return price * self.rate // 100
'''
TEXTS: dict[Language, bytes] = {
    "javascript": b"export const L = 5;\nexport function f(a) { if (a < 1) { go(a); }"
    b" return a + 1; }\nexport const g = (a) => a * 2;\n",
    "typescript": b"import x from 'y';\nexport const W: string = 'w';\n"
    b"export function f(a: number): number { return a + 1; }\n",
    "rust": b"pub const L: u32 = 5;\npub fn f(a: u32) -> Result<u32, String> {\n"
    b" if a > 3 { return Err(String::new()); }\n Ok(a + 1)\n}\n"
    b"#[cfg(test)]\nmod tests { #[test] fn t() { assert_eq!(1 + 1, 2); } }\n",
    "go": b"package m\nconst L = 5\nfunc F(a, b int) (int, error) "
    b"{ return a + b, nil }\nfunc G() { go F(1, 2) }\n",
    "java": b"class A { static final int L = 5; A() { x = 1; }\n"
    b" int f(int a) { return a + 1; } boolean g() { return x > 1; } }\n",
}
GONE: dict[Language, list[str]] = {
    "javascript": ["function f(a) {}", "(a) => undefined"],
    "typescript": ["function f(a: number): number {}"],
    "rust": ["{ Ok(Default::default()) }"],
    "go": ["return *new(int), *new(error)", "func G() { if true { return }"],
    "java": ["{ if (true) return 0;", "{ if (true) return false;"],
}


def test_every_fault_in_python_parses_and_changes_the_program() -> None:
    found = [m.of(PYTHON) for m in (*python.mutants(PYTHON), *python.hollows(PYTHON))]
    assert len(set(found)) > 12
    sound = ast.dump(ast.parse(PYTHON))
    assert all(ast.dump(ast.parse(text)) != sound for text in found)


def test_messages_logs_and_docstrings_are_left_alone() -> None:
    told = " ".join(m.what for m in python.mutants(PYTHON))
    assert "price + 1" not in told
    assert "price + 2" not in told
    assert "Return the tax" not in told
    assert "self.seen = True became nothing" in told


def test_a_constant_outside_functions_can_be_another() -> None:
    text = python.shifted(PYTHON).decode()
    assert "LIMIT = 6" in text
    assert "NAMES = ['a~', 'b~']" in text
    assert "rate: int = 20" in text
    assert "// 100" in text
    assert text.startswith('"""Money."""')


@pytest.mark.parametrize("language", TEXTS)
def test_every_fault_parses_by_the_grammar(language: Language) -> None:
    data = TEXTS[language]
    found = [*grammar.mutants(language, data), *bodies.hollows(language, data)]
    texts = {m.of(data) for m in found}
    texts |= {grammar.shifted(language, data), bodies.throwing(language, data, "sign")}
    assert data not in texts
    for text in texts:
        assert grammars.whole(language, text) is not None, text


@pytest.mark.parametrize("language", TEXTS)
def test_a_whole_body_is_taken_away_as_the_language_allows(language: Language) -> None:
    data = TEXTS[language]
    whole = b"\n".join(m.of(data) for m in bodies.hollows(language, data)).decode()
    for body in GONE[language]:
        assert body in whole


def test_no_fault_is_put_into_rusts_own_tests() -> None:
    data = TEXTS["rust"]
    assert all(
        b"assert_eq!(1 + 1, 2)" in m.of(data) for m in grammar.mutants("rust", data)
    )


@pytest.mark.parametrize("data", [b"\xff\xfe", b"def f(:\n", b"", b"\r\n\r\n"])
def test_a_text_that_cannot_be_read_has_no_faults(data: bytes) -> None:
    assert not [*python.mutants(data), *python.hollows(data)]
    assert python.silent(python.shifted(data)) == data
