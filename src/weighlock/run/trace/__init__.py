"""Which line of code serves which requirement: markers, nodes, their states."""
