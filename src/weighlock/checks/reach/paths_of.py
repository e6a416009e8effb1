"""What a node of tree-sitter imports, as the language writes it."""

from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from weighlock.checks.reach.facts import Import
from weighlock.syntax.language import Language


def imported(language: Language, node: Node) -> list[Import]:
    """Return the imports that a node is; none for any other node."""
    return list(_READERS[language](node))


def _script(node: Node) -> Iterator[Import]:
    if node.type in {"import_statement", "export_statement"}:
        source = _quoted(node.child_by_field_name("source"))
        if source:
            yield from _clause(node, source)
    elif node.type == "call_expression":
        callee = node.child_by_field_name("function")
        given = node.child_by_field_name("arguments")
        first = next(iter(given.named_children), None) if given else None
        loads = callee is not None and _text(callee) in {"require", "import"}
        if loads and first is not None and first.type == "string":
            yield from _loaded(node, _quoted(first))


def _clause(node: Node, source: str) -> Iterator[Import]:
    """Read ``import a, {b as c}, * as d from``, and ``export … from``."""
    names = list(_names(node))
    for kind, inner in names:
        name, alias = inner.child_by_field_name("name"), None
        alias = inner.child_by_field_name("alias") or name
        if kind == "one" and name and alias:
            yield Import(source=source, name=_text(name), alias=_text(alias))
        elif kind == "space":
            yield Import(source=source, alias=_text(inner.named_children[-1]))
        elif kind == "default":
            yield Import(source=source, name="default", alias=_text(inner))
    every = node.type == "export_statement" and not names
    if not names:
        yield Import(source=source, name="*" if every else "")


def _names(node: Node) -> Iterator[tuple[str, Node]]:
    todo = [c for c in node.named_children if c.type != "string"]
    while todo:
        item = todo.pop()
        if item.type in {"import_specifier", "export_specifier"}:
            yield "one", item
        elif item.type in {"namespace_import", "namespace_export"}:
            yield "space", item
        elif item.type == "identifier":
            yield "default", item
        else:
            todo += item.named_children


def _loaded(call: Node, source: str) -> Iterator[Import]:
    """Read ``const {a, b: c} = require(…)`` and ``const m = await import(…)``."""
    holder = call.parent
    while holder is not None and holder.type in {
        "await_expression",
        "parenthesized_expression",
    }:
        holder = holder.parent
    name = None
    if holder is not None and holder.type == "variable_declarator":
        name = holder.child_by_field_name("name")
    if name is not None and name.type == "identifier":
        yield Import(source=source, alias=_text(name))
        return
    for item in name.named_children if name is not None else ():
        key, value = item.child_by_field_name("key"), item.child_by_field_name("value")
        taken = _text(key or item)
        yield Import(source=source, name=taken, alias=_text(value or item))
    if name is None:
        # require("./x").f(), import("./x").then(m => m.f()): its names are all in use.
        yield Import(source=source, name="*")


def _rust(node: Node) -> Iterator[Import]:
    if node.type == "mod_item" and node.child_by_field_name("body") is None:
        name = node.child_by_field_name("name")
        yield Import(source=f"self::{_text(name)}", alias=_text(name))
    elif node.type == "use_declaration":
        argument = node.child_by_field_name("argument")
        yield from _used(argument, "") if argument else ()
    elif node.type in {"scoped_identifier", "scoped_type_identifier"}:
        path, name = node.child_by_field_name("path"), node.child_by_field_name("name")
        if path is not None and name is not None:
            yield Import(source=_text(path), name=_text(name), alias=_text(name))


def _used(node: Node, before: str) -> Iterator[Import]:
    if node.type in {"use_list", "scoped_use_list"}:
        path, inner = node.child_by_field_name("path"), node
        inner = node.child_by_field_name("list") or node
        prefix = _joined(before, _text(path)) if path else before
        for child in inner.named_children:
            yield from _used(child, prefix)
    elif node.type == "use_wildcard":
        path = node.named_children[0] if node.named_children else None
        yield Import(source=_joined(before, _text(path)), name="*")
    elif node.type == "use_as_clause":
        path, alias = (
            node.child_by_field_name("path"),
            node.child_by_field_name("alias"),
        )
        yield _leaf(_joined(before, _text(path)), _text(alias))
    else:
        yield _leaf(_joined(before, _text(node)), "")


def _joined(before: str, after: str) -> str:
    return f"{before}::{after}" if before and after else before or after


def _leaf(whole: str, alias: str) -> Import:
    source, _, name = whole.rpartition("::")
    return Import(source=source, name=name, alias=alias or name)


def _go(node: Node) -> Iterator[Import]:
    if node.type == "import_declaration":
        specs = [node]
        while specs:
            item = specs.pop()
            specs += item.named_children
            if item.type == "import_spec":
                source = _quoted(item.child_by_field_name("path"))
                name = item.child_by_field_name("name")
                alias = _text(name) if name else source.rpartition("/")[2]
                star = name is not None and name.type == "dot"
                yield Import(
                    source=source,
                    name="*" if star else "",
                    alias="" if alias in {"_", "."} else alias,
                )


def _java(node: Node) -> Iterator[Import]:
    if node.type != "import_declaration":
        return
    parts = [_text(n) for n in node.named_children if n.type != "asterisk"]
    if any(n.type == "asterisk" for n in node.named_children):
        yield Import(source=parts[0], name="*")
    elif parts:
        source, _, name = parts[0].rpartition(".")
        yield Import(source=source, name=name, alias=name)


def _quoted(node: Node | None) -> str:
    return _text(node)[1:-1]


def _text(node: Node | None) -> str:
    return ((node.text if node else b"") or b"").decode(errors="replace")


_READERS: Mapping[Language, Callable[[Node], Iterator[Import]]] = {
    "javascript": _script,
    "typescript": _script,
    "tsx": _script,
    "rust": _rust,
    "go": _go,
    "java": _java,
}
