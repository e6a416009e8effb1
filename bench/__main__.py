"""Run every benchmark and print one table: ``python -m bench [start|record|loop]``."""

import sys

from bench import loop, record, start
from bench.measure import table

PARTS = {"start": start.rows, "record": record.rows, "loop": loop.rows}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    rows = [row for name in wanted for row in PARTS[name]()]
    print(table(rows))


if __name__ == "__main__":
    main()
