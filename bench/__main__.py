"""Run every benchmark, or those named, and print one table: ``python -m bench``."""

import sys

from bench import gateway, lint, loop, normalise, record, start, trace
from bench.measure import table

PARTS = {
    "start": start.rows,
    "lint": lint.rows,
    "record": record.rows,
    "loop": loop.rows,
    "trace": trace.rows,
    "normalise": normalise.rows,
    "gateway": gateway.rows,
}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        sys.exit(f"{unknown[0]}: no such benchmark; one of: {', '.join(PARTS)}")
    rows = [row for name in wanted for row in PARTS[name]()]
    print(table(rows))


if __name__ == "__main__":
    main()
