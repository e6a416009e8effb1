"""Agents whose model calls go through the gateway of their run.

Every session has a token of its own, which is worthless when the session is over. What
the gateway saw, not what the agent says, decides whether its turn failed.
"""
