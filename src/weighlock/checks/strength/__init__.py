"""Layer 7: how much the tests would notice, where a plan or configuration asks."""
