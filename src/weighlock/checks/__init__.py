"""Adapters of ports.Check, and the gate that runs them in order."""
