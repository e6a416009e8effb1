"""Files in the user's state folder: mode 0600, atomic, one for all processes."""
