"""Read a file of postings and print the statements that it asks for."""

import sys

from ledger.book import Book, Overdrawn
from ledger.money import parse


def main(arguments):
    """Do line after line; an overdraft ends the program with 3."""
    book = Book()
    with open(arguments[0], encoding="utf-8") as file:
        for line in file:
            verb, *rest = line.split()
            if verb == "post":
                book.post(rest[0], parse(rest[1]))
            elif verb == "transfer":
                try:
                    book.transfer(rest[0], rest[1], parse(rest[2]))
                except Overdrawn as error:
                    print(f"overdrawn: {error}", file=sys.stderr)
                    sys.exit(3)
            elif verb == "statement":
                for signed, held in book.statement(rest[0]):
                    print(signed, held)


if __name__ == "__main__":
    main(sys.argv[1:])
