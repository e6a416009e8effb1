"""What a changed plan makes of the record of a run."""
