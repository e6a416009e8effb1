"""What ``trace`` reads: plan, markers, and the evidence of a run."""
