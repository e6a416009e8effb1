"""People who are away are told: a program of theirs is run when they are needed."""
