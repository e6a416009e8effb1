"""Faults for JavaScript, TypeScript, Rust, Go and Java, by their grammars."""

from collections.abc import Iterator

from tree_sitter import Node

from weighlock.checks.strength.mutators.bodies import NOTHING, is_test, swap
from weighlock.checks.strength.mutators.mutant import Mutant, became
from weighlock.syntax import grammars
from weighlock.syntax.language import Language

_INSTEAD: dict[bytes, tuple[bytes, ...]] = {
    b"<": (b"<=", b">="),
    b"<=": (b"<", b">"),
    b">": (b">=", b"<="),
    b">=": (b">", b"<"),
    b"==": (b"!=",),
    b"!=": (b"==",),
    b"===": (b"!==",),
    b"!==": (b"===",),
    b"&&": (b"||",),
    b"||": (b"&&",),
    b"??": (b"&&",),
    b"+": (b"-",),
    b"-": (b"+",),
    b"*": (b"/",),
    b"/": (b"*",),
    b"%": (b"*",),
    b"+=": (b"-=",),
    b"-=": (b"+=",),
    b"*=": (b"/=",),
    b"/=": (b"*=",),
    b"<<": (b">>",),
    b">>": (b"<<",),
    b"&": (b"|",),
    b"|": (b"&",),
}
_OPERATED = frozenset(
    [
        "binary_expression",
        "augmented_assignment_expression",
        "compound_assignment_expr",
        "assignment_statement",
    ]
)
_NUMBERS = frozenset(
    {"number", "integer_literal", "int_literal", "decimal_integer_literal"}
)
_CONDITIONED = frozenset(
    {"if_statement", "if_expression", "ternary_expression", "while_statement"}
)
_QUIET = frozenset(
    [
        "comment",
        "line_comment",
        "block_comment",
        "attribute_item",
        "type_annotation",
        "throw_statement",
        "macro_invocation",
        "template_string",
        "type_arguments",
        "type_parameters",
        "import_statement",
        "decorator",
    ]
)
"""Left alone: messages, types, and what a macro may take for anything."""
_ELSEWHERE = _QUIET | {
    "statement_block",
    "block",
    "constructor_body",
    "arrow_function",
    "export_clause",
    "use_declaration",
    "import_declaration",
    "package_clause",
    "package_declaration",
    "literal_type",
    "annotation",
    "array_type",
}
_WORDS = frozenset({"string", "string_literal", "interpreted_string_literal"})
_TOLD = (
    b"console.",
    b"logger.",
    b"log.",
    b"this.logger.",
    b"System.out.",
    b"fmt.Print",
)
_PLAINEST = frozenset(
    {b"0", b"false", b"None", b'""', b"()", b"String::new()", b"vec![]"}
)
"""What ``Default::default()`` is anyway."""


def mutants(language: Language, data: bytes) -> Iterator[Mutant]:
    """Return the faults that can be put into a text; none where it does not parse."""
    root = grammars.whole(language, data)
    todo = [root] if root else []
    while todo:
        node = todo.pop()
        if node.type in _QUIET or is_test(node) or _is_told(node):
            continue
        yield from _faults(language, node)
        todo += node.children


def shifted(language: Language, data: bytes) -> bytes:
    """Return a text whose numbers and words outside functions are other ones."""
    root = grammars.whole(language, data)
    todo = [root] if root else []
    found: list[Mutant] = []
    while todo:
        node = todo.pop()
        text = node.text or b""
        loads = text.startswith((b"require(", b"import("))
        if node.type in _ELSEWHERE or loads or is_test(node):
            continue
        if node.type in _NUMBERS:
            found += _number(node)
        elif node.type in _WORDS and not _is_source(node):
            found.append(_other(node, text[:-1] + b"~" + text[-1:]))
        else:
            todo += node.children
    for mutant in sorted(found, key=lambda m: -m.start):
        data = mutant.of(data)
    return data


def _is_source(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "export_statement"


def _faults(language: Language, node: Node) -> Iterator[Mutant]:
    kind = node.type
    if kind in _OPERATED:
        yield from _operators(node)
    elif kind in _NUMBERS:
        yield from _number(node)
    elif kind in {"true", "false"} or (kind == "boolean_literal" and not node.children):
        yield _other(node, b"false" if node.text == b"true" else b"true")
    elif kind == "unary_expression" and node.children[0].type == "!":
        yield _other(node, node.children[-1].text or b"")
    elif kind in _CONDITIONED:
        yield from _conditions(node)
    elif kind in {"return_statement", "return_expression"} and language in NOTHING:
        yield from _returned(language, node)
    elif kind == "expression_statement":
        yield from _acts(node)


def _operators(node: Node) -> Iterator[Mutant]:
    sign = node.child_by_field_name("operator")
    whole = (node.text or b"").decode(errors="replace")
    for other in _INSTEAD.get((sign.text or b"") if sign else b"", ()):
        if sign is None:
            continue
        at = sign.start_byte - node.start_byte
        text = (
            (node.text or b"")[:at]
            + other
            + (node.text or b"")[at + len(sign.text or b"") :]
        )
        what = became(whole, text.decode(errors="replace"))
        yield swap(sign, other, what, node)


def _number(node: Node) -> Iterator[Mutant]:
    text = (node.text or b"").decode()
    if text.isdigit() and (len(text) == 1 or not text.startswith("0")):
        yield _other(node, str(int(text) + 1).encode())


def _conditions(node: Node) -> Iterator[Mutant]:
    condition = node.child_by_field_name("condition")
    if condition is None or condition.type in {"let_condition", "let_chain"}:
        return
    braced = condition.type == "parenthesized_expression"
    for value in (b"true", b"false"):
        if node.type == "while_statement" and value == b"true":
            continue
        yield _other(condition, b"(" + value + b")" if braced else value)


def _returned(language: Language, node: Node) -> Iterator[Mutant]:
    value = node.named_child(0) if node.named_child_count else None
    if (
        value is not None
        and value.text != NOTHING[language]
        and not (language == "rust" and value.text in _PLAINEST)
    ):
        yield _other(value, NOTHING[language])


def _acts(node: Node) -> Iterator[Mutant]:
    """Take a call away that stands for itself."""
    inner = node.named_child(0) if node.named_child_count else None
    text = node.text or b""
    calls = {"call_expression", "await_expression", "method_invocation"}
    if inner is None or inner.type not in calls:
        return
    if text.startswith(b"super(") or b"(" not in text:
        return
    yield swap(node, b";", became(text.decode(errors="replace"), "nothing"), node)


def _is_told(node: Node) -> bool:
    return node.type == "expression_statement" and (node.text or b"").startswith(_TOLD)


def _other(node: Node, text: bytes) -> Mutant:
    old = (node.text or b"").decode(errors="replace")
    return swap(node, text, became(old, text.decode(errors="replace")), node)
