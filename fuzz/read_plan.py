"""Fuzz the plan reader: any bytes give a plan or a PlanError, never anything else.

Run ``make fuzz SECONDS=60``.  The first byte chooses the file's name and with it what
the other bytes may be; a corpus folder may be given as an argument.
"""

import sys

import atheris

with atheris.instrument_imports(include=["weighlock.plan"]):
    from weighlock.errors import PlanError
    from weighlock.plan.model import Source
    from weighlock.plan.read import DIALECTS, read

NAMES = ("x.md", "plan/01-a.md", "tasks.md", "tasks.json", "03-01-PLAN.md", "spec.md")


def one(data: bytes) -> None:
    """Read one input, and check what holds for every plan."""
    first = data[0] if data else 0
    name = NAMES[first % len(NAMES)]
    dialect = [None, *DIALECTS][first // len(NAMES) % (len(DIALECTS) + 1)]
    source = Source(path=name, data=data[1:])
    try:
        plan = read([source], path=name, root=".", dialect=dialect)
    except PlanError:
        return
    keys = [phase.key for phase in plan.phases]
    assert len(set(keys)) == len(keys), "keys are unique"
    assert plan.understood.read <= plan.understood.lines, (
        "no more is read than there is"
    )
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for phase in plan.phases:
        assert phase.key not in phase.needs, "no phase needs itself"
        assert set(phase.needs) <= set(keys), "needs name phases of the plan"
        assert phase.source.line <= lines + 1, "positions lie in the file"


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
