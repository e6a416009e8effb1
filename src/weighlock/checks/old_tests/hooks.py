"""Layer 4, hooks that came along: what do the tests say without them?

A plan may name a conftest.py, and a hook in it may leave tests out or rewrite what
became of them.  So the suite is run once more without the hooks that are new.
"""

import ast
import asyncio
from collections.abc import Iterator

from weighlock.checks.finding import Found, found
from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests.beneath import serves_new_tests
from weighlock.checks.place import running
from weighlock.checks.place.checkout import restore
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.running import Run
from weighlock.checks.reading.language import python_tree
from weighlock.checks.runners.call import Call
from weighlock.checks.runners.compare import RED
from weighlock.checks.subject import Subject

_HOOKS = (
    "pytest_collection_",
    "pytest_runtest_",
    "pytest_ignore_collect",
    "pytest_collect_",
    "pytest_itemcollected",
    "pytest_report_teststatus",
    "pytest_sessionfinish",
    "pytest_fixture_setup",
    "pytest_exception_interact",
)
"""What decides which tests run and how they end; options and parameters do not."""


async def look(
    subject: Subject, rules: Rules, clean: Clean, call: Call, after: Run
) -> list[Found]:
    """Accuse a hook without which a test fails that it lets pass or leaves out."""
    bare = await asyncio.to_thread(lambda: dict(_bare(subject, rules)))
    if not bare or after.trouble or call.runner is None or call.runner.name != "pytest":
        return []
    place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    await asyncio.to_thread(restore, place.tree, bare.items())
    said = await running.run(call, place, clean, files=subject.new)
    path = min(bare)
    return [
        found(
            "review",
            "harness-tampered",
            f"without the hooks that were added here {name} fails: {case.message}",
            path=path,
        )
        for name, case in sorted(said.cases.items())
        if case.result in RED
        and (name not in after.cases or after.cases[name].result not in RED)
    ][:3]


def _bare(subject: Subject, rules: Rules) -> Iterator[tuple[str, bytes]]:
    """Return each conftest.py that the run kept, without its new hooks."""
    for change in subject.changes:
        path = change.path
        mine = subject.action(path) is not None or rules.harness
        kept = mine or serves_new_tests(subject, path)
        if change.status == "D" or path.rpartition("/")[2] != "conftest.py" or not kept:
            continue
        text = subject.new.text(path)
        new = [n for n in _hooks(text) if ast.dump(n) not in _known(subject, path)]
        if new:
            yield path, _without(text, new).encode()


def _hooks(text: str) -> list[ast.FunctionDef]:
    tree = python_tree(text)
    body = [] if isinstance(tree, str) else tree.body
    return [
        n for n in body if isinstance(n, ast.FunctionDef) and n.name.startswith(_HOOKS)
    ]


def _known(subject: Subject, path: str) -> set[str]:
    return {ast.dump(n) for n in _hooks(subject.old.text(path))}


def _without(text: str, nodes: list[ast.FunctionDef]) -> str:
    gone: set[int] = set()
    for node in nodes:
        first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        gone |= set(range(first, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(keepends=True), 1)
    return "".join(line for number, line in lines if number not in gone)
