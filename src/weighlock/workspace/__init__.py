"""Adapter of ports.Workspace: clones, freezing, merging, checkpoints."""
