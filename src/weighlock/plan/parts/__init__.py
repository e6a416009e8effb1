"""Small forms inside a plan's text: lists of numbers, clauses, numbered listings."""
