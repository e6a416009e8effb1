"""Examples that a plan states in prose: read with precision, or not at all."""

import pytest

from weighlock.checks.stated.reading import examples, met


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("So `f(3)` is `4`.", [("f(3)", "4")]),
        ('`slug("A B")` -> `a-b`', [('slug("A B")', "a-b")]),
        ("It holds that `f(3) == 4`.", [("f(3)", "4")]),
        ("`f([1])` must return `(2, 3)`, `g(k=1)` gives\n`'x'`.", [
            ("f([1])", "(2, 3)"),
            ("g(k=1)", "'x'"),
        ]),
        ("`f(0)` raises a `ValueError`.", [("f(0)", "ValueError")]),
        ("```python\n>>> f(9)\n'x'\n```\n", [("f(9)", "'x'")]),
        ("Today `f(3)` is `4`; `f(3)` must be `5`.", [("f(3)", "5")]),
        ("`f(3)` is not `4`.", []),
        ("`f(3)` is `4` when the switch is on.", []),
        ("`f(3)` was `4`.", []),
        ("At present `f(3)` gives `4`.", []),
        ("`f(x)` is `4`, `f()` is `5`, and `x` is `6`.", []),
        ("`f(3)` and `g` are `4`.", []),
        ("`f(3)` is `[1, ...]`.", []),
        ("```python\nassert f(3) == 4  # `f(3)` is `5`\n```\n", []),
    ],
)  # fmt: skip
def test_a_call_of_literals_is_read_with_what_it_gives(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert [(e.call, e.expected) for e in examples(text)] == found


@pytest.mark.parametrize(
    ("expected", "answer", "same"),
    [
        ("4", "4", True),
        ("4", "5", False),
        ("4", "'4'", True),
        ("a-b", "'a-b'", True),
        ("a-b", "'a--b'", False),
        ("[1, 2]", "(1, 2)", True),
        ("{'a': [1.5]}", "{'a': (1.5,)}", True),
        ("0.33", "0.3333", True),
        ("0.33", "0.35", False),
        ("text", "'other'", None),
        ("4", "<Money 4>", None),
    ],
)
def test_what_cannot_be_compared_is_neither_right_nor_wrong(
    *, expected: str, answer: str, same: bool | None
) -> None:
    assert met(expected, answer) is same
