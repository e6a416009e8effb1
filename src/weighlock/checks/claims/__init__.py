"""What the agent said, wrote and ticked, beside what was found. It moves no verdict."""
