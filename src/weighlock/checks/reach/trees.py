"""The facts of a file in a language of tree-sitter."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from weighlock.checks.reach import paths_of
from weighlock.checks.reach.facts import MODULE, NOTHING, Facts, Import
from weighlock.syntax import grammars
from weighlock.syntax.language import LARGEST, Language

_IMPORTS = frozenset(
    {"import_statement", "import_declaration", "use_declaration", "package_clause"}
    | {"package_declaration", "extern_crate_declaration"}
)
_WRAPPED = frozenset(
    {"export_statement", "lexical_declaration", "type_declaration"}
) | {
    "variable_declaration",
    "const_declaration",
    "var_declaration",
}
_NAMED: Mapping[str, str] = {
    **dict.fromkeys(
        ["function_declaration", "generator_function_declaration", "class_declaration"],
        "name",
    ),
    **dict.fromkeys(
        ["abstract_class_declaration", "interface_declaration", "enum_declaration"],
        "name",
    ),
    **dict.fromkeys(["type_alias_declaration", "variable_declarator"], "name"),
    **dict.fromkeys(
        ["function_item", "struct_item", "enum_item", "union_item", "trait_item"],
        "name",
    ),
    **dict.fromkeys(
        ["type_item", "const_item", "static_item", "macro_definition"], "name"
    ),
    "impl_item": "type",
    **dict.fromkeys(["method_declaration", "type_spec", "const_spec"], "name"),
    **dict.fromkeys(["var_spec", "record_declaration"], "name"),
    "annotation_type_declaration": "name",
}
"""Kinds of a top level that define something → the field of its name."""
_INERT = frozenset(
    ["derive", "cfg", "allow", "deny", "doc", "must_use", "inline", "test"]
) | {"Override", "Deprecated", "SuppressWarnings", "FunctionalInterface", "repr"}
"""Attributes and annotations that hand nothing to anybody."""
_CALLS = frozenset({"call_expression", "new_expression", "macro_invocation"})
_COMMENTS = frozenset({"comment", "line_comment", "block_comment"})


def facts(language: Language, data: bytes) -> Facts:
    """Read a file; nothing where it is too long to be read."""
    root = grammars.root(language, data) if len(data) <= LARGEST else None
    if root is None:
        return NOTHING
    found = _Reader(language)
    before: list[Node] = []
    for node in root.named_children:
        if node.type in {"attribute_item", "decorator"}:
            before.append(node)
        elif node.type not in _COMMENTS:
            found.top(node, before)
            before = []
    return found.facts()


class _Reader:
    """Collect names by unit while the nodes of a top level go by."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._uses: defaultdict[str, set[str]] = defaultdict(set)
        self._imports: list[Import] = []
        self._strings: set[str] = set()
        self._hooked: set[str] = set()
        self._private: set[str] = set()
        self._extends = False

    def top(self, node: Node, before: list[Node]) -> None:
        """Take a node of the top level; what defines something is its own unit."""
        if node.type in _WRAPPED and not node.child_by_field_name("source"):
            self._wrapped(node, before)
            return
        name = _name(node) or _exported(node)
        if not name:
            self._take(node, MODULE)
            return
        self._take(node, name)
        if self._is_private(node, name):
            self._private.add(name)
        for attribute in before:
            self._take(attribute, MODULE)
        if any(_hooks(a) for a in (*before, *_annotations(node))):
            self._hooked.add(name)
        if node.type in {"variable_declarator", "var_spec"} and _any(node, _CALLS):
            self._take(node, MODULE)
        if name == "init" and self._language == "go":
            self._hooked.add(name)
        self._extends = self._extends or _extends(node)

    def _is_private(self, node: Node, name: str) -> bool:
        """Say whether no other file can ask for a name."""
        if self._language == "go":
            return name[:1].islower() and name != "main"
        if self._language == "rust":
            can = any(c.type == "visibility_modifier" for c in node.children)
            return not can and node.type != "impl_item" and name != "main"
        if self._language == "java" or _exported(node):
            return False
        above = node.parent
        while above is not None and above.type != "export_statement":
            above = above.parent
        return above is None

    def _wrapped(self, node: Node, before: list[Node]) -> None:
        hooks = [*before, *(n for n in node.named_children if n.type == "decorator")]
        inner = [n for n in node.named_children if _name(n) or n.type in _WRAPPED]
        for child in inner:
            self.top(child, hooks)
        if any(c.type == "default" for c in node.children):
            self._take(node, "default")
        elif not inner:
            self._take(node, MODULE)

    def _take(self, node: Node, unit: str) -> None:
        todo, names = [node], self._uses[unit]
        while todo:
            item = todo.pop()
            kind = item.type
            if _is_idle(item):
                continue
            if kind.endswith("identifier"):
                names.add(_text(item))
            elif kind in {"string_fragment", "string_content"} or kind.endswith(
                "_literal_content"
            ):
                self._strings.add(_text(item)[:200])
            if found := paths_of.imported(self._language, item):
                self._imports += found
            if kind not in _IMPORTS and not (kind == "mod_item" and _is_bare(item)):
                todo += _running(item)

    def facts(self) -> Facts:
        """Return what was collected."""
        return Facts(
            uses={
                unit: frozenset(names - {unit}) for unit, names in self._uses.items()
            },
            hooked=frozenset(self._hooked),
            private=frozenset(self._private),
            imports=tuple(dict.fromkeys(self._imports)),
            extends=self._extends,
            strings=frozenset(self._strings),
        )


def _name(node: Node) -> str:
    found = (
        node.child_by_field_name(_NAMED.get(node.type, ""))
        if (node.type in _NAMED)
        else None
    )
    if found is not None and found.type == "generic_type":
        found = found.child_by_field_name("type") or found
    if found is None or not found.type.endswith("identifier"):
        return ""
    return _text(found)


def _exported(node: Node) -> str:
    """Return what ``exports.name = …`` and ``module.exports = …`` define."""
    inner = node.named_children[0] if node.type == "expression_statement" else None
    left = inner.child_by_field_name("left") if inner is not None else None
    words = _text(left).split(".") if left is not None else []
    if words == ["module", "exports"]:
        return "default"
    return words[-1] if words[:-1] in (["exports"], ["module", "exports"]) else ""


def _annotations(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "decorator":
            yield child
        elif child.type == "modifiers":
            yield from (n for n in child.named_children if "annotation" in n.type)


def _hooks(node: Node) -> bool:
    words = _text(node).lstrip("#![@ ").replace("(", " ").replace("]", " ").split()
    return bool(words) and words[0].rpartition("::")[2] not in _INERT


def _extends(node: Node) -> bool:
    """Say whether a class extends another, or a trait is given to another's type."""
    if node.type == "impl_item":
        return node.child_by_field_name("trait") is not None
    return any(c.type in {"class_heritage", "superclass"} for c in node.named_children)


def _running(node: Node) -> Iterator[Node]:
    """Return the children that can run: not after a return or under ``if (false)``."""
    test = node.child_by_field_name("condition")
    if node.type.startswith("if_") and test is not None:
        known = _text(test).strip("() ")
        if known in {"false", "0"}:
            node_after = node.child_by_field_name("alternative")
            yield from [node_after] if node_after else []
            return
    for child in node.named_children:
        if child.type not in _COMMENTS:
            yield child
        if child.type in {"return_statement", "throw_statement"} and "clause" not in (
            node.type
        ):
            return


def _is_idle(node: Node) -> bool:
    """Say whether a statement only names something: ``fresh;``, ``void fresh;``."""
    if node.type == "expression_statement" and node.named_child_count == 1:
        inner = node.named_children[0]
        if inner.type == "unary_expression" and _text(inner).startswith("void"):
            inner = inner.named_children[0]
        return inner.type in {"identifier", "member_expression"}
    if node.type in {"assignment_statement", "let_declaration"}:
        left = node.child_by_field_name("left") or node.child_by_field_name("pattern")
        right = node.child_by_field_name("right") or node.child_by_field_name("value")
        plain = {"identifier", "expression_list", "scoped_identifier"}
        calls = right is not None and _any(right, _CALLS)
        return (
            left is not None
            and _text(left) == "_"
            and right is not None
            and right.type in plain
            and not calls
        )
    return False


def _is_bare(node: Node) -> bool:
    return node.child_by_field_name("body") is None


def _any(node: Node, kinds: frozenset[str]) -> bool:
    todo = [node]
    while todo:
        item = todo.pop()
        if item.type in kinds:
            return True
        todo += item.named_children
    return False


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
