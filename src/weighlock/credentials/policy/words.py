"""The words of failover: one vocabulary for code, logs, answers and documents."""

from typing import Literal

from weighlock.config.buckets import WIRES, Wire

__all__ = ["WIRES", "Detail", "Fault", "Kind", "Reason", "Scope", "Wire"]

Reason = Literal[
    "quota-exhausted",
    "expired-refresh-failed",
    "reauth-failed",
    "reauth-timeout",
    "no-token",
    "upstream-failed",
    "skipped",
]
"""Why a bucket did not serve a request; ``skipped``: it was never looked at."""

Detail = Literal[
    "throttled",  # asked to wait a moment; the same bucket may do
    "quota",  # its window is used up
    "billing",  # its money is used up
    "cooling-down",  # benched by an earlier request
    "revoked",  # an OAuth token that the upstream no longer takes
    "rejected-key",  # an API key that the upstream does not take
    "expired",  # an OAuth token that ran out and could not be renewed
    "overloaded",  # the upstream has a fault: 5xx, 529
    "network",  # the upstream could not be reached, or the connection broke
    "stalled",  # the upstream said nothing within the deadline
    "circuit-open",  # it had too many faults in a row; it is left alone
    "at-capacity",  # its max_in_flight is reached
    "disabled",  # switched off in the configuration
    "unset",  # its key_env or key_file is not there
    "unreadable",  # the place of its credential cannot be read
    "not-logged-in",  # an OAuth bucket without a token
    "login",  # a login was tried
    "not-reached",  # the attempts were spent before its turn
    "",
]
"""What exactly, beside the reason."""

Fault = Literal["none", "request", "quota", "credential", "upstream"]
"""Whose fault an answer is; ``request``: the client's, so it is passed through."""

Scope = Literal["model", "bucket", "upstream"]
"""What a fault says something about."""

Kind = Literal["api-key", "oauth"]
"""How a bucket proves who it is."""
