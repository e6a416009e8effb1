"""weighlock executes plans with coding agents; a phase passes only on evidence."""

__version__ = "0.1.0"
