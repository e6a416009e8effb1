"""Tell whether two texts of a program differ in more than comments and space."""

import ast

from weighlock import syntax
from weighlock.syntax import lexical, python
from weighlock.syntax.language import language, lexis


def says_nothing(path: str, data: bytes) -> bool:
    """Say whether a program text has nothing but comments, docstrings and space."""
    return same_meaning(path, data, b"") or not lexical.bare(path, data)


def same_meaning(path: str, old: bytes, new: bytes) -> bool:
    """Say whether two texts differ at most in comments, docstrings and layout.

    Where one of them does not parse, or its language has no grammar here, both are
    compared without comments and space; without space only where nobody knows how the
    language writes comments.
    """
    if old == new:
        return True
    forms = syntax.normal(path, old), syntax.normal(path, new)
    if None not in forms:
        return forms[0] == forms[1]
    return _letters(path, old) == _letters(path, new)


def is_program(path: str) -> bool:
    """Say whether comments of this language can be told from code."""
    return lexis(path) is not None


def python_tree(text: str) -> ast.Module | str:
    """Parse Python, or say why not; warnings about the text are none of ours."""
    return python.parse(text)


def _letters(path: str, data: bytes) -> str:
    if language(path) == "python":
        return python.tokens(data.decode(errors="surrogateescape"))
    return lexical.bare(path, data)
