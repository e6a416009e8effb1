"""Small faults for changed code: Python by its own parser, the rest by tree-sitter."""
