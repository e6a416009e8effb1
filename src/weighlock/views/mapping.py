"""Where the parts of an imported plan went: text and ``weighlock/import/1``."""

from collections.abc import Iterator

from weighlock.plan.model import Plan
from weighlock.plan.write.adopt import Adopted, Moved

SCHEMA = "weighlock/import/1"


def as_json(old: Plan, done: Adopted, target: str) -> dict[str, object]:
    """Return the document of ``import --json``."""
    return {
        "schema": SCHEMA,
        "from": {"path": old.path, "dialect": old.dialect},
        "path": target,
        "phases": [
            {
                "key": m.key,
                "new_key": m.new_key,
                "title": m.title,
                "source": m.place,
                "file": m.file,
                "way": m.way,
                "lost": list(m.lost),
            }
            for m in done.moved
        ],
        "carried": [
            {
                "file": c.file,
                "first": c.first,
                "last": c.last,
                "target": c.target,
                "read": c.read,
            }
            for c in done.carried
        ],
        "lost": list(done.lost),
    }


def as_text(old: Plan, done: Adopted) -> str:
    """Return the report for people."""
    return "\n".join(_lines(old, done)) + "\n"


def _lines(old: Plan, done: Adopted) -> Iterator[str]:
    yield f"{old.title or old.path} · {old.dialect} · {len(done.moved)} phases"
    yield ""
    width = max(len(_keys(m)) for m in done.moved)
    for m in done.moved:
        key = _keys(m)
        yield f"  {key:<{width}}  {m.place}  ->  {m.file} ({m.way})"
        if m.lost:
            yield f"  {'':<{width}}  reads otherwise: {', '.join(m.lost)}"
    if done.carried:
        yield from ("", "Outside the phases, as it stands:")
    for c in done.carried:
        kept = "" if c.read else " (kept, no part of the plan)"
        yield f"  {c.file}:{c.first}-{c.last}  ->  {c.target}{kept}"
    if done.lost:
        yield from ("", "Not said any more:", *(f"  {line}" for line in done.lost))


def _keys(moved: Moved) -> str:
    same = moved.key == moved.new_key
    return moved.key if same else f"{moved.key} -> {moved.new_key}"
