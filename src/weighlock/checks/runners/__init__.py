"""Test runners: how each is recognised, asked for a report, and read."""
