"""Layer 4, moved and renamed tests: a test is what it asks, not what it is called.

A test under a new id is the old one when it reads as the old one did.  Names may differ
where the product's own differ: the old name has gone from it, and the new one has come.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from weighlock import syntax
from weighlock.checks.reading import paths
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Snapshot, Subject
from weighlock.plan.model import FileAction
from weighlock.run.trace.marker import Node
from weighlock.syntax.lexical import uncommented

_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`[^`]*`|[^\W\d]\w*|\d[\w.]*|[^\w\s]'
)
_LITERAL = re.compile(r"[\"'`\d]")
_VALUE = re.compile(r"[\"'`\d,]")
_NAME = re.compile(r"[^\W\d]\w*\Z")
_GIVES_UP = re.compile(r"\b(?:remov|delet|drop|obsolet)\w*", re.IGNORECASE)
"""How a plan says that a test need not stay."""
_HELD = re.compile(r"(?<!\.py)(::\w+)/.*")
"""Go's ``::TestA/b`` stands where ``TestA`` does."""
_PARAMETERS = re.compile(r"\[.*\]$", re.DOTALL)

Spot = tuple[str, Node]
"""A test of a snapshot: the file it stands in, and its node there."""


def stands(subject: Subject, gone: Case, came: Iterable[Case]) -> bool:
    """Say whether one of the new ids is an old test that moved or was renamed."""
    old = list(_spots(subject.old, gone, [gone.file]))
    if len(old) != 1:
        return False
    changed = [c.path for c in subject.changes if c.status != "D"]
    return any(
        _asks_the_same(subject, old[0], spot)
        for case in came
        if case.result == gone.result
        for spot in _spots(subject.new, case, changed)
    )


def is_planned(subject: Subject, action: FileAction) -> bool:
    """Say whether a file goes only because the plan puts it elsewhere."""
    name = PurePosixPath(action.path).name
    return any(
        other.action == "create"
        and other.source == action.source
        and (action in subject.said or PurePosixPath(other.path).name == name)
        for other in (*subject.planned, *subject.said)
    )


def is_given_up(subject: Subject, gone: Case) -> bool:
    """Say whether the plan names a test where it says that something goes."""
    title = re.split(r"::| > |/", _PARAMETERS.sub("", gone.id))[-1]
    named = re.compile(rf"(?<!\w){re.escape(title)}(?!\w)")
    said = re.split(r"\n|(?<=[.;])\s", subject.phase.text)
    return any(named.search(s) and _GIVES_UP.search(named.sub("", s)) for s in said)


def as_planned(subject: Subject, name: str, path: str) -> bool:
    """Say whether a rewritten test only expects other values, which the plan states.

    The plan states them where it holds each value, or where it names the test.
    """
    case = Case(id=name, result="passed", file=path)
    old = list(_spots(subject.old, case, [path]))
    new = list(_spots(subject.new, case, [path]))
    if len(old) != 1 or len(new) != 1:
        return False
    was, now = _tokens(subject.old, old[0]), _tokens(subject.new, new[0])
    came = list(_other_values(was, now))
    if not came:
        return False
    text = subject.phase.text
    named = re.search(rf"(?<!\w){re.escape(_title(new[0][1]))}(?!\w)", text)
    values = [t for t in came if _LITERAL.match(t)]
    plain = len(was) == len(now) and len(values) == len(came)
    return (bool(named) and plain) or (
        bool(values) and all(_stated(value, text) for value in values)
    )


def _stated(value: str, text: str) -> bool:
    plain = re.escape(value.strip("\"'`"))
    return bool(re.search(rf"(?<![\w.]){plain}(?!\w)", text))


def _other_values(was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """Yield the words that came, if only values differ; nothing where more does.

    One more value may come into a row of them; none goes without another in its place.
    """
    came: list[str] = []
    matcher = difflib.SequenceMatcher(None, was, now, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        if kind == "delete" or not all(_VALUE.match(t) for t in (*was[a:b], *now[c:d])):
            return
        came += now[c:d]
    yield from came


def is_moved(subject: Subject, path: str) -> bool:
    """Say whether a test file that is gone came back under its name elsewhere."""
    name = PurePosixPath(path).name
    return paths.is_test(path) and any(
        c.status == "A" and PurePosixPath(c.path).name == name for c in subject.changes
    )


def _spots(files: Snapshot, case: Case, where: Iterable[str]) -> Iterator[Spot]:
    """Find the test of an id; a runner may know the crate of a test, not its file."""
    name = _HELD.sub(r"\1", _PARAMETERS.sub("", case.id))
    for path in dict.fromkeys((*where, case.file)):
        for node in syntax.nodes(path, files.read(path) or b""):
            if node.kind == "test" and re.search(
                rf"(?<!\w){re.escape(_title(node))}\Z", name
            ):
                yield path, node


def _title(node: Node) -> str:
    return re.split(r" > |\.(?=\w+\Z)", node.name)[-1]


def _asks_the_same(subject: Subject, old: Spot, new: Spot) -> bool:
    titles = {(_title(old[1]), _title(new[1]))}
    was, now = _whole(subject.old, old), _whole(subject.new, new)
    if len(was) != len(now):
        return False
    pairs = {pair for pair in zip(was, now, strict=True) if pair[0] != pair[1]}
    pairs = {p for p in pairs if (p[0].strip("\"'`"), p[1].strip("\"'`")) not in titles}
    return not pairs or _renamed(subject, pairs, {*was} & {*now})


def _whole(files: Snapshot, spot: Spot) -> Sequence[str]:
    """Return the words of a test; of its whole module where that is in the product.

    There nothing is imported by name, so a neighbour may stand in for the product.
    """
    path, node = spot
    if paths.is_test(path):
        return _tokens(files, spot)
    around = [
        n
        for n in syntax.nodes(path, files.read(path) or b"")
        if n.kind == "module" and n.line <= node.line and node.end_line <= n.end_line
    ]
    return _tokens(files, (path, around[0] if around else node))


def _tokens(files: Snapshot, spot: Spot) -> Sequence[str]:
    path, node = spot
    lines = files.text(path).splitlines()[node.line - 1 : node.end_line]
    return _TOKEN.findall(uncommented(path, "\n".join(lines)))


def _renamed(
    subject: Subject, pairs: set[tuple[str, str]], same: frozenset[str] | set[str]
) -> bool:
    """Say whether names differ one for one, each as the product's own did."""
    old, new = [p[0] for p in pairs], [p[1] for p in pairs]
    if len({*old}) != len(pairs) or len({*new}) != len(pairs) or same & {*old, *new}:
        return False
    before, after = _product(subject, subject.old), _product(subject, subject.new)
    return all(
        _NAME.match(a)
        and _NAME.match(b)
        and a in before - after
        and b in after - before
        for a, b in pairs
    )


def _product(subject: Subject, files: Snapshot) -> frozenset[str]:
    """Return the names of the product's changed files, and of what they define."""
    changed = [c.path for c in subject.work() if paths.role(c.path) == "product"]
    there = [p for p in changed if files.read(p) is not None]
    stems = {PurePosixPath(p).stem for p in there}
    nodes = (n for p in there for n in syntax.nodes(p, files.read(p) or b""))
    return frozenset(stems | {n.name.rpartition(".")[2] for n in nodes})
