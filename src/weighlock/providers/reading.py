"""Reading answers of any protocol: values where they are expected, else nothing."""

from collections.abc import Iterator, Mapping


def table(value: object) -> Mapping[str, object]:
    """Return an object of JSON; of anything else an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a JSON list."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def text(value: object) -> str:
    """Return a text, or an empty one."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """Return a number of tokens."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def total(*values: object) -> int | None:
    """Return a sum in which the first must be known."""
    if count(values[0]) is None:
        return None
    return sum(count(value) or 0 for value in values)
