"""What the reader told of a plan → problems of rules, each fault told once."""

import re
from collections.abc import Iterator
from dataclasses import replace
from posixpath import basename

from weighlock.plan.lint.report import FROM_READER, TOLD_BETTER
from weighlock.plan.model import Plan, Problem
from weighlock.plan.titles import read_file_name

_NEEDED = re.compile(r"needs phase ([\w.-]+)")


def told(plan: Plan) -> Iterator[Problem]:
    """Yield the reader's problems under the codes of their rules.

    A file whose heading and id were copied from another one makes a double of that
    phase, and leaves its own number without a phase.  The one fault is the copied
    number; rule WL106 reports it, as an error then.
    """
    strayed = copied(plan)
    for found in plan.problems:
        if found.code in TOLD_BETTER or _follows(plan, found, strayed):
            continue
        yield replace(found, code=FROM_READER.get(found.code, found.code))


def copied(plan: Plan) -> dict[str, str]:
    """Return a file name's number → the one it was read as, where that is a double."""
    if plan.dialect != "phase-directory":
        return {}
    read = {p.key for p in plan.phases}
    doubled = {key.partition("#")[0] for key in read if "#" in key}
    found = {}
    for phase in plan.phases:
        named = read_file_name(basename(phase.source.file))
        number = phase.key.partition("#")[0]
        if named and named[0] not in read and number in doubled:
            found[named[0]] = number
    return found


def _follows(plan: Plan, found: Problem, strayed: dict[str, str]) -> bool:
    """Say whether a problem is only what a copied number leads to."""
    if not strayed:
        return False
    if found.code == "need-unknown":
        needed = _NEEDED.search(found.message)
        return needed is not None and needed[1] in strayed
    if found.code == "key-duplicate" and found.source is not None:
        file = found.source.file
        keys = [p.key for p in plan.phases if p.source.file == file]
        return any(key.partition("#")[0] in strayed.values() for key in keys)
    return False
