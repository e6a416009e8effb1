"""Layer 6: where a phase says that behaviour stays, base knows every right answer.

The functions that changed are called with what the tests hold, and with texts and
numbers that differ a little from it, at base and as delivered.
"""

import ast
import asyncio
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.place.clean import Clean
from weighlock.checks.reading import paths
from weighlock.checks.reading.language import python_tree
from weighlock.checks.stated import asking
from weighlock.checks.stated.asking import Answer, Asked
from weighlock.checks.subject import Snapshot, Subject
from weighlock.errors import UncheckableError
from weighlock.run.evidence import Evidence

_STAYS = re.compile(
    r"\bbehaviou?r\b[^.\n]{0,30}\b(?:stays?|remains?|unchanged|the same|kept|preserved"
    r"|(?:does|must|may|should) not change)\b"
    r"|\b(?:no|without(?: any)?|not) (?:functional|behaviou?r(?:al)?) changes?\b"
    r"|\b(?:without changing|(?:do|must) not change|keep(?:s|ing)?|preserv\w+)"
    r" (?:the |its |their |any )?(?:\w+ )?behaviou?r\b"
    r"|\bnothing that (?:[^.]|\.\w){1,40} does (?:may|must) change\b"
    r"|\b(?:they do|it does) what (?:they|it) did\b"
    r"|\b(?:pure|behaviou?r-preserving) refactor\w*",
    re.IGNORECASE,
)
_FUNCTIONS = 12
_CALLS = 300
"""For each function."""
_LONG = 100
"""Characters; a longer text of a test is not handed over."""
_MOST = 3
"""Parameters; more make too few of all calls."""


async def look(subject: Subject, clean: Clean) -> list[Evidence]:
    """Compare what changed functions answer, before and after."""
    if not _STAYS.search(" ".join(subject.phase.text.split())):
        return []
    pairs = await asyncio.to_thread(lambda: list(_pairs(subject)))
    if not pairs:
        return []
    try:
        seen = await _judge(subject, clean, pairs)
    except UncheckableError as error:
        trouble = found("error", "dependency-missing", str(error))
        return [weigh("unchanged", "probe", [trouble], fine="", decides=False)]
    fine = f"{len(pairs)} calls are answered as they were at base"
    return [weigh("unchanged", "probe", seen, fine=fine, decides=False)]


@dataclass(frozen=True, slots=True)
class _Held:
    """Literals of tests."""

    values: tuple[object, ...]
    rows: tuple[list[object], ...]


_Pair = tuple[str, Asked, Asked]
"""Where a function is now, and a call of it at base and as delivered."""


def _pairs(subject: Subject) -> Iterator[_Pair]:
    """Return calls of the functions that changed or moved, and kept their signature."""
    held = _held(subject.old)
    came = [c.path for c in subject.changes if c.status == "A"]
    number = 0
    for change in subject.work():
        if change.status == "A" or not asking.is_product(change.path):
            continue
        homes = (
            [change.path] if change.status == "M" else filter(asking.is_product, came)
        )
        new = {name: (p, a) for p in homes for name, a in _plain(subject.new, p)}
        for name, args in _plain(subject.old, change.path):
            home, now = new.get(name, ("", -1))
            if now != args or not 0 < args <= _MOST or number == _FUNCTIONS:
                continue
            number += 1
            drawn = _drawn(held, args, subject.delivery.tree)
            for given in islice(drawn, _CALLS):
                text = repr((given, {}))
                old = Asked(module=asking.module(change.path), name=name, args=text)
                module = asking.module(home)
                yield home, old, Asked(module=module, name=name, args=text)


def _plain(files: Snapshot, path: str) -> Iterator[tuple[str, int]]:
    """Return the functions of a file with the number of what they must be given."""
    tree = python_tree(files.text(path))
    for node in [] if isinstance(tree, str) else tree.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            told = node.args
            yield node.name, len(told.posonlyargs + told.args) - len(told.defaults)


def _held(files: Snapshot) -> _Held:
    """Return what the tests hold: single values, and rows of several."""
    tests = sorted(p for p in files.paths if p.endswith(".py") and paths.is_test(p))
    files.fetch(tests)
    values: dict[tuple[type, object], None] = {}
    rows: dict[str, list[object]] = {}
    for path in tests:
        tree = python_tree(files.text(path))
        for node in [] if isinstance(tree, str) else ast.walk(tree):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str | int | float) and len(str(value)) < _LONG:
                values[type(value), value] = None
            row = _row(node)
            rows.setdefault(repr(row), row) if row else None
    return _Held(tuple(value for _, value in values), tuple(rows.values()))


def _row(node: ast.AST) -> list[object]:
    """Return the literals that a call or a tuple of a test begins with."""
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    found_values: list[object] = []
    for part in parts:
        try:
            found_values.append(ast.literal_eval(part))
        except (ValueError, TypeError, RecursionError, MemoryError):
            break
    return found_values


def _drawn(held: _Held, args: int, seed: str) -> Iterator[list[object]]:
    """Return lists of arguments: what the tests hold, and what lies near it."""
    if args == 1:
        near = zip_longest(*map(_near, held.values))
        more = (v for row in near for v in row if v is not None)
        yield from ([value] for value in [*held.values, *more])
        return
    rows = [row[:args] for row in held.rows if len(row) >= args]
    yield from rows
    chance = random.Random(seed)  # noqa: S311 - the same tree is asked the same
    chance.shuffle(rows)
    for row in rows:
        for at, value in enumerate(row):
            for other in _near(value):
                yield [*row[:at], other, *row[at + 1 :]]


def _near(value: object) -> Iterator[object]:
    if isinstance(value, str):
        yield from (value[:1] + value, value[1:], value + value[-1:], value[::-1])
        yield from (value.upper(), value.lower(), f" {value}", value[:-1])
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, -value, value * 10, 0)


async def _judge(subject: Subject, clean: Clean, pairs: Sequence[_Pair]) -> list[Found]:
    delivery = subject.delivery
    before = await clean.checkout(delivery.base, delivery.base)
    old = [old for _, old, _ in pairs]
    first = await asking.ask(old, before)
    again = await asking.ask(old, before)
    after = await clean.checkout(delivery.head, delivery.base)
    now = await asking.ask([new for _, _, new in pairs], after)
    told: dict[str, Found] = {}
    for (path, _, asked), was, same, got in zip(pairs, first, again, now, strict=True):
        if was == same and not _is_outside(was) and _outcome(was) != _outcome(got):
            message = (
                f"the phase says that behaviour stays: {asked.name} called with "
                f"{asked.args} gives {got.text[:80]}, and gave {was.text[:80]}"
            )
            reason = found("review", "property-failed", message, path=path)
            told.setdefault(asked.name, reason)
    return list(told.values())


def _is_outside(answer: Answer) -> bool:
    """Say whether a call cannot be compared: a type, a file, a module was wrong."""
    if answer.form == "raised":
        wrong = {"TypeError", "AttributeError", "OSError", "ImportError"}
        return bool(wrong & set(answer.text.split()))
    return answer.form != "value" or " at 0x" in answer.text


def _outcome(answer: Answer) -> tuple[str, str]:
    text = answer.text.partition(" ")[0] if answer.form == "raised" else answer.text
    return answer.form, text
