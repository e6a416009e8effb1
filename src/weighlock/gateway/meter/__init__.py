"""What requests came to: tokens by kind, money, time; for whom, and within what."""
