"""What model calls tell of a phase: spent, why a bucket was left, parked."""
