"""Where programs of the gate run: fresh checkouts, what they need, how they start."""
