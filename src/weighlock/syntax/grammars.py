"""Tree-sitter's grammars, loaded when a text needs one, and what to look for in each.

The captures are a node's kind, or what belongs to one: ``wrap`` begins where its
declaration is said to begin, ``attribute`` stands before it, ``call`` is a test when
the function that is called is a test runner's.
"""

import functools
import importlib

from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Query

from weighlock.syntax.language import Language

_MODULES: dict[str, tuple[str, str]] = {
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "rust": ("tree_sitter_rust", "language"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
}

_CALLABLE = "[(arrow_function) (function_expression) (generator_function)]"
_SCRIPT = f"""
[(function_declaration) (generator_function_declaration) (method_definition)] @function
(variable_declarator value: {_CALLABLE}) @function
(assignment_expression right: {_CALLABLE}) @function
(pair value: {_CALLABLE}) @function
(export_statement value: [(arrow_function) (function_expression)]) @function
(export_statement value: (class)) @class
(class_declaration) @class
(variable_declarator value: (class)) @class
(call_expression arguments: (arguments . [(string) (template_string)])) @call
(export_statement) @wrap
(decorator) @attribute
(comment) @comment
"""
_TYPED = f"""{_SCRIPT}
[(function_signature) (abstract_method_signature)] @function
(public_field_definition value: {_CALLABLE}) @function
[(abstract_class_declaration) (interface_declaration) (enum_declaration)
 (type_alias_declaration)] @class
"""
_QUERIES: dict[str, str] = {
    "javascript": f"{_SCRIPT} (field_definition value: {_CALLABLE}) @function",
    "typescript": _TYPED,
    "tsx": _TYPED,
    "rust": """
[(function_item) (function_signature_item) (macro_definition)] @function
[(struct_item) (enum_item) (union_item) (trait_item) (impl_item) (type_item)] @class
(mod_item body: (_)) @module
(attribute_item) @attribute
[(line_comment) (block_comment)] @comment
""",
    "go": """
[(function_declaration) (method_declaration)] @function
[(type_spec) (type_alias)] @class
(type_declaration) @wrap
(call_expression function: (selector_expression)
  arguments: (argument_list . (interpreted_string_literal))) @call
(comment) @comment
""",
    "java": """
[(method_declaration) (constructor_declaration) (compact_constructor_declaration)]
  @function
[(class_declaration) (interface_declaration) (enum_declaration) (record_declaration)
 (annotation_type_declaration)] @class
[(line_comment) (block_comment)] @comment
""",
}


_LEAST_STEPS = 1_000
_BYTES_A_STEP = 16
"""A text takes one step of the parser for 40 bytes or more, minified ones included."""


def root(language: Language, data: bytes) -> Node | None:
    """Parse a text; what is broken becomes nodes that say so.

    None where the parser would mend what is broken for ever: bytes that were written
    for that keep it busy for minutes, a few thousand of them.
    """
    left = _LEAST_STEPS + len(data) // _BYTES_A_STEP

    def too_long(_offset: int, _broken: bool) -> bool:  # noqa: FBT001 - its shape
        nonlocal left
        left -= 1
        return left < 0

    def read(offset: int, _point: object) -> bytes:
        return data[offset : offset + _CHUNK]

    parser = Parser(_grammar(language))
    try:
        return parser.parse(read, progress_callback=too_long).root_node
    except ValueError:  # it was ended
        return None


_CHUNK = 1 << 16


def whole(language: Language, data: bytes) -> Node | None:
    """Parse a text; None where it is not a program as it stands."""
    found = root(language, data)
    return None if found is None or found.has_error else found


@functools.cache
def query(language: Language) -> Query:
    """Return what finds the nodes of a language."""
    return Query(_grammar(language), _QUERIES[language])


@functools.cache
def _grammar(language: Language) -> Grammar:
    module, function = _MODULES[language]
    pointer: object = getattr(importlib.import_module(module), function)()
    return Grammar(pointer)
