"""Where a plan in the work tree and the run of it meet: take in, and write back."""
