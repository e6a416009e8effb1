"""What the tests that a phase added are worth, by their text."""
