"""Print the words of the arguments."""

import sys

from textkit.words import words


def main(arguments):
    """Print one word a line."""
    for word in words(" ".join(arguments)):
        print(word)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
