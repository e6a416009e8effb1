"""Start the command line: ``python -m weighlock``."""

from weighlock.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
