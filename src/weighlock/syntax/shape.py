"""A syntax tree → one form for what differs in comments and layout alone.

The form is the tree's leaves with their structure, so that whatever the grammar takes
for another program has another form. What a formatter may do is taken out of it: space,
comments, trailing commas, needless parentheses, optional semicolons, kinds of quotes.
"""

import re
from dataclasses import dataclass, field

from tree_sitter import Node, TreeCursor

COMMENTS = frozenset({"comment", "line_comment", "block_comment"})
_DIRECTIVE = re.compile(rb"//(go:|export |\s*\+build )")
"""Comments that Go's tools obey."""
_LEAVES = frozenset(
    [
        "string",
        "template_string",
        "string_literal",
        "raw_string_literal",
        "char_literal",
        "regex",
        "interpreted_string_literal",
        "rune_literal",
        "text_block",
        "character_literal",
    ]
)
"""Read as one, whatever the grammar finds inside."""
_CLOSERS = frozenset({b")", b"]", b"}", b">"})
_MARKED = frozenset(
    [
        "for_statement",
        "for_clause",
        "if_statement",
        "expression_switch_statement",
        "type_switch_statement",
    ]
)
"""Nodes whose semicolons say which part is left out: the parts' names say it here."""
_COMMA_COUNTS = frozenset(
    [
        "token_tree",
        "tuple_expression",
        "tuple_pattern",
        "tuple_type",
        "macro_definition",
    ]
)
"""``(1,)`` is not ``(1)`` in Rust, and a macro may see a comma."""
_LISTED = frozenset({"interface_body", "object_type"})
"""Members that commas, semicolons or line ends may part."""
_LOOSE = frozenset({"javascript", "typescript", "tsx", "go"})
"""Languages where a semicolon at the end of a line is a matter of taste."""
_REACHING = frozenset(
    [
        "member_expression",
        "subscript_expression",
        "call_expression",
        "new_expression",
        "field_expression",
        "selector_expression",
        "index_expression",
        "field_access",
        "method_invocation",
        "array_access",
        "non_null_expression",
    ]
)
"""``(a?.b).c`` and ``(f)()`` may mean more than they do without parentheses."""
_BLOCKS = frozenset({"program", "statement_block", "class_body"})
_CLOSE = b"\x02"
_QUOTE = re.compile(rb"\\(['\"])|(\\.)", re.DOTALL)


@dataclass(slots=True)
class _Writer:
    """What has been written, and the nodes that are open around the cursor."""

    loose: bool
    out: list[bytes] = field(default_factory=list)
    open: list[tuple[str, bool]] = field(default_factory=list)
    """Type of each open node, and whether it is written."""


def normal(language: str, node: Node) -> bytes:
    """Return the form of a node; equal forms mean the same but for comments.

    Args:
        language: As ``weighlock.syntax.language`` names it.
        node: The root of a tree, or a node of it, without errors.
    """
    writer = _Writer(loose=language in _LOOSE)
    cursor = node.walk()
    while True:
        if _enter(writer, cursor) and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return b"\0".join(writer.out)
            _leave(writer)


def _enter(writer: _Writer, cursor: TreeCursor) -> bool:
    """Write a node down; say whether its children are wanted."""
    node = cursor.node
    if node is None:
        return False
    kind = node.type
    parent = writer.open[-1][0] if writer.open else ""
    if parent in _MARKED and cursor.field_name:
        writer.out.append(cursor.field_name.encode())
    if kind in COMMENTS:
        if _DIRECTIVE.match(text := node.text or b""):
            writer.out.append(text.rstrip())
        return False
    if node.child_count and kind not in _LEAVES:
        _open(writer, kind, written=not _is_needless(node, kind, parent))
        return True
    _leaf(writer, node, parent)
    return False


def _open(writer: _Writer, kind: str, *, written: bool) -> None:
    writer.open.append((kind, written))
    if written:
        writer.out.append(b"\x01" + kind.encode())


def _leave(writer: _Writer) -> None:
    if writer.open.pop()[1]:
        writer.out.append(_CLOSE)


def _is_needless(node: Node, kind: str, parent: str) -> bool:
    if kind != "parenthesized_expression" or parent in _REACHING:
        return False
    inner = node.named_children
    # A string in parentheses is no directive: ("use strict").
    return len(inner) == 1 and not (
        inner[0].type == "string" and parent == "expression_statement"
    )


def _leaf(writer: _Writer, node: Node, parent: str) -> None:
    text, kind, out = node.text or b"", node.type, writer.out
    if not node.is_named:
        if not _is_layout(writer, text, parent):
            _drop_comma(out, text, parent)
            out.append(text)
    elif kind == "string":
        out.append(b"\x03" + _QUOTE.sub(rb"\1\2", text[1:-1]))
    elif kind == "jsx_text":
        if said := _jsx(text):
            out.append(b"\x04" + said)
    elif not (kind == "empty_statement" and parent in _BLOCKS):
        out.append(kind.encode() + b" " + text)


def _is_layout(writer: _Writer, text: bytes, parent: str) -> bool:
    """Say whether a sign may be there or not: ``;`` at a line's end, parentheses."""
    if writer.open and not writer.open[-1][1] and text in {b"(", b")"}:
        return True
    if writer.loose and text.strip() in {b";", b""}:
        return True
    return text in {b",", b";"} and parent in _LISTED


def _drop_comma(out: list[bytes], closer: bytes, parent: str) -> None:
    """Take back a comma before a closing bracket, unless it stands for a hole."""
    if (
        closer in _CLOSERS
        and len(out) > 1
        and out[-1] == b","
        and out[-2] not in {b",", b"[", b"(", b"{", b"<"}
        and parent not in _COMMA_COUNTS
    ):
        out.pop()


def _jsx(text: bytes) -> bytes:
    """Return what JSX shows of a text: lines are trimmed and joined by a space."""
    first, *rest = text.split(b"\n")
    if not rest:
        return text
    lines = [first.rstrip(), *(line.strip() for line in rest[:-1]), rest[-1].lstrip()]
    return b" ".join(line for line in lines if line)
