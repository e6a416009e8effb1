"""Program text → its nodes, and one form for what means the same.

Python is read by its own parser; TypeScript, JavaScript, Rust, Go and Java by
tree-sitter, which is loaded when the first text in one of them comes.  A text in
another language, too long a text, and one that does not parse has no form here:
``lexical.bare`` has one for every text.
"""

from weighlock.run.trace.marker import Node
from weighlock.syntax import python
from weighlock.syntax.language import LARGEST, language
from weighlock.syntax.outline import Outline

__all__ = ["Outline", "nodes", "normal", "outline"]


def normal(path: str, data: bytes) -> bytes | None:
    """Return a form of a whole text without comments, docstrings and layout.

    Two texts with equal forms are the same program.  None where the language is not
    known, the text is too long, or it does not parse.
    """
    known = language(path)
    if known is None or len(data) > LARGEST:
        return None
    if known == "python":
        return python.normal(data)
    from weighlock.syntax import tree

    return tree.normal(known, data)


def outline(path: str, data: bytes) -> Outline | None:
    """Return the nodes of a text; None where ``normal`` has no form for it.

    A text in a language of tree-sitter has an outline even where it does not parse in
    full, if that can be said in time; the digest of a broken node is of its letters.
    """
    known = language(path)
    if known is None or len(data) > LARGEST:
        return None
    if known == "python":
        return python.outline(path, data)
    from weighlock.syntax import tree

    return tree.outline(path, known, data)


def nodes(path: str, data: bytes) -> tuple[Node, ...]:
    """Return the functions, classes and tests of a text by their first lines.

    Nothing for a text without an outline.
    """
    found = outline(path, data)
    return found.nodes if found else ()
