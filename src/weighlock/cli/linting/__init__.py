"""What ``weighlock lint`` does around the rules: find, look, mend, show, watch."""
