"""Adapters of ports.Agent: one module per way to drive an agent."""
