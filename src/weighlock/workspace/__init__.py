"""Adapter of ports.Workspace: clones, freezing, merging, checkpoints."""

from weighlock.workspace.branch import refuse_if_checked_out
from weighlock.workspace.clones import Clones, clones

__all__ = ["Clones", "clones", "refuse_if_checked_out"]
