"""Layer 9: another agent reads what passed; its "no" sends it to a person."""
