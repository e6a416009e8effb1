"""Verdicts that leave the machine, and come back to be believed or not."""
