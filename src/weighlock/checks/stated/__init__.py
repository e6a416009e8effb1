"""What a plan's own words say that a call gives: ``slugify("A B")`` is ``a-b``."""
