"""What another version of the plan means for a run that is under way."""
