"""The nodes of a text by tree-sitter: TypeScript, JavaScript, Rust, Go, Java."""

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node, QueryCursor

from weighlock.syntax import grammars, lexical, shape
from weighlock.syntax.language import Language, is_test
from weighlock.syntax.outline import DEEPEST, Kind, Outline, Spot

_CALLS = re.compile(
    rb"(?:it|test|describe|suite|context|specify|[fx](?:it|test|describe))\b(?!\s*=)"
    rb"|\w+\.Run\b"
)
_RUST_TEST = re.compile(
    rb"#\[\s*(?:\w+\s*::\s*)*(?:test|rstest|test_case|quickcheck|wasm_bindgen_test"
    rb"|proptest|bench)\b"
)
_JAVA_TEST = re.compile(
    rb"@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate"
    rb"|Property)\b"
)
_GO_TEST = re.compile(r"(?:Test|Benchmark|Fuzz|Example)(?![a-z])")
_NAMES = ("name", "property", "key", "left", "type")
"""Fields that hold a node's name, the first there is."""
_LONGEST = 300
"""Bytes of a name that are read."""
_TITLED = 2
"""A test is called with a title and a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    path: str
    language: Language
    data: bytes


@dataclass(frozen=True, slots=True)
class _Open:
    """A node around what comes next."""

    end: int
    name: str = ""
    depth: int = 0
    is_test: bool = False
    wrap: Node | None = None
    """Set when the node is no more than the beginning of a declaration."""


def normal(language: Language, data: bytes) -> bytes | None:
    """Return a form without comments and layout; None where it does not parse."""
    root = grammars.whole(language, data)
    return None if root is None else shape.normal(language, root)


def outline(path: str, language: Language, data: bytes) -> Outline | None:
    """Return the nodes of a text; around what does not parse, those that do."""
    text = _Text(path=path, language=language, data=data)
    root = grammars.root(language, data)
    if root is None:
        return None
    found = QueryCursor(grammars.query(language)).captures(root)
    items = sorted(
        ((node, kind) for kind, nodes in found.items() for node in nodes),
        key=lambda item: (item[0].start_byte, -item[0].end_byte, item[1] != "wrap"),
    )
    module = Spot("module", "", 1, data.count(b"\n") + 1, _digest(text, (root,)))
    spots = sorted(_spots(text, items), key=lambda s: (s.line, -s.end_line))
    return Outline(spots, module, _comment_lines(data, found.get("comment", [])))


def _spots(text: _Text, items: Sequence[tuple[Node, str]]) -> Iterator[Spot]:
    """Walk over what was captured, in the order of the text, the outer first."""
    around = [_Open(len(text.data) + 1)]
    before: list[Node] = []
    for node, capture in items:
        while around[-1].end <= node.start_byte:
            around.pop()
        if before and text.data[before[-1].end_byte : node.start_byte].strip():
            before = []
        if capture in {"attribute", "comment"}:
            before.append(node)
        elif capture == "wrap":
            outer = around[-1]
            around.append(replace(outer, end=node.end_byte, wrap=node))
        elif around[-1].depth < DEEPEST and _is_node(text, node, capture):
            attributes = [n for n in before if n.type not in shape.COMMENTS]
            spot, inside = _spot(text, node, capture, attributes, around[-1])
            around.append(inside)
            yield spot


def _is_node(text: _Text, node: Node, capture: str) -> bool:
    """Say whether a call with a title is a test's; whatever else was captured is."""
    if capture != "call":
        return True
    callee = node.child_by_field_name("function")
    given = node.child_by_field_name("arguments")
    if callee is None or given is None or given.named_child_count < _TITLED:
        return False
    if text.language == "go":
        name = text.data[callee.start_byte : callee.end_byte]
        return is_test(text.path) and name.endswith(b".Run")
    begins = text.data[callee.start_byte : callee.start_byte + _LONGEST]
    return _CALLS.match(begins) is not None


def _spot(
    text: _Text, node: Node, capture: str, attributes: Sequence[Node], outer: _Open
) -> tuple[Spot, _Open]:
    kind = _kind(text, node, capture, attributes)
    shown, inner = _names(node, kind)
    sign = " > " if outer.is_test and kind == "test" else "."
    prefix = f"{outer.name}{sign}" if outer.name else ""
    whole = _wrapped(text, node, outer)
    parts = (*attributes, whole)
    end = whole.end_point
    last = end.row + (end.column > 0 or end.row == whole.start_point.row)
    spot = Spot(
        kind, prefix + shown, parts[0].start_point.row + 1, last, _digest(text, parts)
    )
    inside = _Open(node.end_byte, prefix + inner, outer.depth + 1, kind == "test")
    return spot, inside


def _wrapped(text: _Text, node: Node, outer: _Open) -> Node:
    """Return the declaration with the word ``export`` or ``type`` before it."""
    if outer.wrap is None:
        return node
    rest = text.data[node.end_byte : outer.wrap.end_byte]
    return outer.wrap if rest.strip() in {b"", b";"} else node


def _kind(text: _Text, node: Node, capture: str, attributes: Sequence[Node]) -> Kind:
    if capture == "call":
        return "test"
    if capture in {"class", "module"}:
        return "class" if capture == "class" else "module"
    tests = {"rust": _rust_test, "go": _go_test, "java": _java_test}
    decides = tests.get(text.language)
    named = decides is not None and decides(text, node, attributes)
    return "test" if named else "function"


def _rust_test(_text: _Text, _node: Node, attributes: Sequence[Node]) -> bool:
    return any(_RUST_TEST.match(a.text or b"") for a in attributes)


def _go_test(text: _Text, node: Node, _attributes: Sequence[Node]) -> bool:
    name = _field(node, "name")
    return is_test(text.path) and _GO_TEST.match(name) is not None


def _java_test(_text: _Text, node: Node, _attributes: Sequence[Node]) -> bool:
    modifiers = (n.text for n in node.children[:1] if n.type == "modifiers")
    return any(_JAVA_TEST.search(text or b"") for text in modifiers)


def _names(node: Node, kind: Kind) -> tuple[str, str]:
    """Return a node's own name, and what stands before the names within."""
    if kind == "test" and node.type == "call_expression":
        given = node.child_by_field_name("arguments")
        title = given.named_child(0) if given else None
        name = _words(title)[1:-1]
        return name, name
    name = next((n for f in _NAMES if (n := _field(node, f))), "default")
    if node.type == "impl_item" and (trait := _field(node, "trait")):
        return f"{trait} for {name}", name
    if receiver := _field(node, "receiver"):
        owner = re.sub(r"\[.*", "", receiver).strip("() ").rpartition(" ")[2]
        name = f"{owner.lstrip('*')}.{name}"
    return name, name


def _field(node: Node, name: str) -> str:
    found = node.child_by_field_name(name)
    if found is not None and found.type == "generic_type":
        found = found.child_by_field_name("type") or found
    return _words(found).strip("'\"")


def _words(node: Node | None) -> str:
    text = (node.text if node else b"") or b""
    return " ".join(text[:_LONGEST].decode(errors="replace").split())


def _digest(text: _Text, parts: Sequence[Node]) -> Callable[[], str]:
    return functools.partial(_sha, text, parts)


def _sha(text: _Text, parts: Sequence[Node]) -> str:
    """Digest the form of some nodes; what is broken is taken as letters."""
    if any(part.has_error for part in parts):
        whole = text.data[parts[0].start_byte : parts[-1].end_byte]
        form = lexical.bare(text.path, whole).encode("utf-8", "surrogateescape")
    else:
        form = b"\0".join(shape.normal(text.language, part) for part in parts)
    return hashlib.sha256(form).hexdigest()


def _comment_lines(data: bytes, comments: Sequence[Node]) -> frozenset[int]:
    """Return the numbers of the lines that hold nothing but comments."""
    lines = data.split(b"\n")
    found: set[int] = set()
    for comment in comments:
        begin, end = comment.start_point, comment.end_point
        first = begin.row + bool(lines[begin.row][: begin.column].strip())
        last = end.row - bool(lines[end.row][end.column :].strip())
        found.update(range(first + 1, last + 2))
    return frozenset(found)
