"""Tree-sitter's grammars, loaded when a text needs one, and what to look for in each.

The captures are a node's kind, or what belongs to one: ``wrap`` begins where its
declaration is said to begin, ``attribute`` stands before it, ``call`` is a test when
the function that is called is a test runner's.
"""

import functools
import importlib

from tree_sitter import Language as Grammar
from tree_sitter import Parser, Query, Tree

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


def parsed(language: Language, data: bytes) -> Tree:
    """Parse a text; what is broken becomes nodes that say so."""
    return Parser(_grammar(language)).parse(data)


@functools.cache
def query(language: Language) -> Query:
    """Return what finds the nodes of a language."""
    return Query(_grammar(language), _QUERIES[language])


@functools.cache
def _grammar(language: Language) -> Grammar:
    module, function = _MODULES[language]
    pointer: object = getattr(importlib.import_module(module), function)()
    return Grammar(pointer)
