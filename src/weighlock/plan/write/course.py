"""The method as a table: which phases a plan has, in which order, checked by what.

Preflight, analysis and pseudocode once; then stub, tests and implementation of each
component; each with a verification twin that looks again in another way.  Integration,
migration and deprecation stand where the specification asks for them.
"""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from weighlock.plan.model import Kind
from weighlock.plan.write.components import Component
from weighlock.plan.write.draft import Check, Draft, Planned
from weighlock.plan.write.project import Project, kebab
from weighlock.plan.write.proof import Proof, each
from weighlock.plan.write.specification import Specification, Wanted

_TITLES: dict[str, tuple[str, Kind]] = {
    "feature": ("Implementation", "impl"),
    "integration": ("Integration", "integration"),
    "migration": ("Migration", "migration"),
    "deprecation": ("Deprecation", "deprecation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything a plan is made of."""

    id: str
    """``PLAN-20261121-SLUGS``."""
    home: str
    """The plan's folder, relative to the repository, POSIX."""
    lies: str
    """The specification, relative to the repository; empty when it lies outside."""
    specification: Specification
    components: tuple[Component, ...]
    project: Project


def drafts(order: Order) -> tuple[Draft, ...]:
    """Return the phases of a plan in order, each with its twin behind it."""
    found = [_overview(), _preflight(order)]
    number = 1
    for work, twin in _pairs(order):
        key, before = f"{number:02}", found[-1].key
        found.append(replace(work, key=key, needs=before))
        found.append(_twin(found[-1], twin))
        number += 1
    return tuple(found)


def _twin(work: Draft, checks: Sequence[Check]) -> Draft:
    return Draft(
        key=f"{work.key}a",
        title=f"{work.title} Verification",
        kind="verification",
        needs=work.key,
        purpose=f"Look again at Phase {work.key} in another way than it looked itself.",
        requirements=work.requirements,
        scope="Verified",
        checks=tuple(checks),
        criteria=(f"The gate of Phase {work.key} passes again",),
    )


def _overview() -> Draft:
    return Draft(
        key="00",
        title="Plan Overview",
        kind="design",
        purpose="What is built, in which order, and which phase meets what.",
    )


def _preflight(order: Order) -> Draft:
    project = order.project
    checks = [Check(text="git rev-parse --verify HEAD", about="There is a base")]
    if order.lies:
        spec = shlex.quote(order.lies)
        checks = [Check(text=f"test -s {spec}", about="The specification is there")]
    if project.suite and project.tested:
        told = "What exists passes before anything is changed"
        checks.append(Check(text=project.suite, expect="All tests pass", about=told))
    return Draft(
        key="00a",
        title="Preflight Verification",
        kind="preflight",
        needs="00",
        purpose="Phase 0.5: find out what is missing before any work is spent on it.",
        checks=tuple(checks),
        criteria=("Every tool that a command of this plan names is installed",),
    )


def _pairs(order: Order) -> Iterator[tuple[Draft, tuple[Check, ...]]]:
    """Yield each phase of work, without its key, and the checks of its twin."""
    yield _analysis(order)
    yield _pseudocode(order)
    for part in order.components:
        proof = Proof(order.id, order.project, part)
        if part.course == "feature":
            yield _stub(order, part, proof)
        yield _tdd(order, part, proof)
        yield _work(order, part, proof)


def _analysis(order: Order) -> tuple[Draft, tuple[Check, ...]]:
    path = f"{order.home}/analysis/domain-model.md"
    wanted = order.specification.requirements
    draft = Draft(
        key="",
        title="Domain Analysis",
        kind="design",
        purpose="Understand the domain before anything is designed.",
        requirements=wanted,
        files=(Planned(path=path, action="create", what="the domain model"),),
        steps=(
            "Read the specification and every file of the project that it touches",
            "Name the entities, their states and what may lead from one to the other",
            "Say for each requirement, by its id, which rules and which errors follow",
            "Name what is not clear, and which reading this plan takes",
        ),
        checks=(
            Check(text=each(_ids(wanted), [path]), about="No requirement is left out"),
        ),
        criteria=(f"`{path}` is created", "Every requirement is spoken of by its id"),
    )
    headed = Check(text=f'grep -cE "^#{{1,4}} " {path}', expect="2+ headings")
    return draft, (headed,)


def _pseudocode(order: Order) -> tuple[Draft, tuple[Check, ...]]:
    paths = [pseudocode(order, part) for part in order.components]
    files = tuple(
        Planned(path=path, action="create", what=f"numbered pseudocode of {part.name}")
        for path, part in zip(paths, order.components, strict=True)
    )
    draft = Draft(
        key="",
        title="Pseudocode",
        kind="pseudocode",
        purpose="Write every algorithm as numbered lines that later phases refer to.",
        requirements=order.specification.requirements,
        files=files,
        steps=(
            "Write each step on a line as `10: STEP`, numbers rising, no real language",
            "Cover every error that the analysis names",
            "Put the ids of the requirements above the lines that meet them",
        ),
        checks=tuple(
            Check(text=f'grep -cE "^ *[0-9]+[:.]" {path}', expect="3+ numbered lines")
            for path in paths
        ),
        criteria=tuple(f"`{path}` is created" for path in paths),
    )
    twins = tuple(
        Check(text=each(_ids(part.requirements), [path]))
        for path, part in zip(paths, order.components, strict=True)
    )
    return draft, twins


def _stub(
    order: Order, part: Component, proof: Proof
) -> tuple[Draft, tuple[Check, ...]]:
    new = [p for p in proof.products if p not in order.project.paths]
    ways = order.project.ways
    body = f"a stub {ways.stub}" if ways else "a stub says that it is not implemented"
    stub = Planned(path="", action="create", what=f"the names of {part.name}; {body}")
    beside = order.project.beside if new else ()
    lists = Planned(path="", action="modify", what="make the new file known")
    draft = Draft(
        key="",
        title=f"{part.name} Stub",
        kind="stub",
        purpose="Create every name that the tests will call, and nothing behind it.",
        requirements=part.requirements,
        files=(
            *(replace(stub, path=p) for p in new),
            *(replace(lists, path=p) for p in beside),
        ),
        delivers="" if new else f"Every name of {part.name} that the requirements need",
        steps=(
            f"Create the names that `{pseudocode(order, part)}` needs; {body}",
            "Change no behaviour that exists",
        ),
        checks=(*proof.sound(), *proof.marked()),
        criteria=(
            *(f"`{p}` is created" for p in new),
            "What existed before behaves as before",
        ),
        marked=True,
    )
    return draft, proof.kept()


def _tdd(
    order: Order, part: Component, proof: Proof
) -> tuple[Draft, tuple[Check, ...]]:
    tests = tuple(
        Planned(
            path=path,
            action="modify" if path in order.project.paths else "create",
            what=f"behavioural tests of {part.name}",
        )
        for path in proof.tests
    )
    draft = Draft(
        key="",
        title=f"{part.name} TDD",
        kind="tdd",
        purpose="Write the tests; they fail through the behaviour that is missing.",
        requirements=part.requirements,
        scope="Implemented (Expanded)",
        files=tests,
        delivers="" if tests else f"Behavioural tests of {part.name}",
        steps=(
            "Write at least one test for each scenario, named after what it shows",
            "Assert on values that the requirement names, never on a mock",
            "Expect no stub: the tests pass when the work is done",
            "Leave the product as it is",
        ),
        checks=(*proof.red(), *proof.cited(), *proof.marked(tests=True)),
        criteria=(
            "Every requirement has a test that fails now and names its id",
            "No test expects a stub",
        ),
        marked=True,
    )
    return draft, proof.honest()


def _work(
    order: Order, part: Component, proof: Proof
) -> tuple[Draft, tuple[Check, ...]]:
    word, kind = _TITLES[part.course]
    title = part.name if part.course == "feature" else part.name.removesuffix(word)
    products = proof.products
    files = tuple(
        Planned(path=path, action="modify", what=f"the behaviour of {part.name}")
        for path in products
    )
    ids = ", ".join(r.id for r in part.requirements)
    draft = Draft(
        key="",
        title=f"{title.strip()} {word}".strip(),
        kind=kind,
        purpose=_PURPOSE[part.course],
        requirements=part.requirements,
        scope="Implemented (Expanded)",
        files=files,
        delivers="" if files else f"The change of the product that {ids} asks for",
        steps=(
            f"Follow `{pseudocode(order, part)}` and name its lines beside the code",
            _STEP[part.course],
            "Change no test that exists",
        ),
        checks=(*proof.green(), *proof.marked()),
        criteria=("All tests pass", "No stub is left"),
        marked=True,
    )
    return draft, proof.finished()


_PURPOSE = {
    "feature": "Make the tests pass by real behaviour.",
    "integration": "Let code that existed before reach the new code.",
    "migration": "Move what exists over to the new code; nothing is lost on the way.",
    "deprecation": "Take away what the new code replaces, and nothing else.",
}
_STEP = {
    "feature": "Write the behaviour; no special case for what a test happens to use",
    "integration": "Use the new code where users will meet it, not only in tests",
    "migration": "Change every place that still goes the old way",
    "deprecation": "Remove exactly what the requirements name",
}


def pseudocode(order: Order, part: Component) -> str:
    """Return where a component's pseudocode lies."""
    names = [kebab(p.name) for p in order.components]
    own = kebab(part.name)
    at = order.components.index(part) + 1
    if not own or names.count(own) > 1:
        own = f"{own or 'part'}-{at}"
    return f"{order.home}/analysis/pseudocode/{own}.md"


def _ids(wanted: Sequence[Wanted]) -> list[str]:
    return [r.id for r in wanted]
