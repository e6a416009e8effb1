"""Which tests a phase must turn green, and which it must keep green."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from weighlock import syntax
from weighlock.checks.reading import paths, shellwords
from weighlock.checks.runners.compare import RED
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Subject
from weighlock.plan.model import Phase

_MANIFESTS = {
    "Cargo.toml": r'^name\s*=\s*"([\w-]+)"',
    "package.json": r'^\s*"name":\s*"([^"]+)"',
}
_GENERIC = frozenset(
    {"index", "main", "mod", "lib", "init", "__init__", "__main__", "app", "src"}
)


def awaited(subject: Subject, before: Mapping[str, Case]) -> frozenset[str]:
    """Return the ids that are red at base and that this phase has to mend.

    They are what its tdd twin added, and what its own files, commands, blast radius
    or requirements name.  Where several phases share one twin, or there is none, a
    test belongs to the phase whose files it speaks of.
    """
    red = [case for case in before.values() if case.result in RED]
    twin, shared = _twin(subject)
    own = set()
    for case in red:
        named = _names(subject, subject.phase, case) or _requires(subject, case)
        ours = twin is not None and _lists(twin, case.file)
        if (
            named
            or (ours and not shared)
            or (speaks_of(subject, case.file) and (ours or not _others(subject, case)))
        ):
            own.add(case.id)
    return frozenset(own)


def _twin(subject: Subject) -> tuple[Phase | None, bool]:
    """Return the nearest tdd phase before this one, and whether others wait for it.

    The last of several phases after one tdd phase has to mend all that is left.
    """
    phases = list(subject.plan.phases)
    at = next((i for i, p in enumerate(phases) if p.key == subject.phase.key), 0)
    twin = next((i for i in range(at - 1, -1, -1) if phases[i].kind == "tdd"), None)
    if twin is None:
        return None, False
    shared = False
    for phase in phases[at + 1 :]:
        if phase.kind == "tdd":
            break
        shared = shared or phase.kind in {"impl", "integration"}
    return phases[twin], shared


def _lists(phase: Phase, file: str) -> bool:
    return bool(file) and any(
        paths.covers(a.path, file) and a.action != "keep" for a in phase.files
    )


def _names(subject: Subject, phase: Phase, case: Case) -> bool:
    """Say whether a phase names a test by file, command or blast radius."""
    del subject
    if _lists(phase, case.file):
        return True
    texts = [c.text for c in phase.commands if c.expect.form in {"pass", "default"}]
    words = [w for text in texts for p in shellwords.parts(text) for w in p.words[1:]]
    if any(_is_file(w, case.file) for w in words):
        return True
    return bool(patterns(phase)) and in_radius(phase, case)


def _is_file(word: str, file: str) -> bool:
    return bool(file) and word.partition("::")[0].removeprefix("./") == file


def _requires(subject: Subject, case: Case) -> bool:
    """Say whether the lines around a test name a requirement of this phase."""
    if not subject.phase.requirements or not case.file:
        return False
    lines = subject.old.text(case.file).splitlines()
    title = re.sub(r"\[.*\]$", "", re.split(r"::| > ", case.id)[-1])
    at = next((i for i, line in enumerate(lines) if title and title in line), None)
    if at is None:
        return False
    near = "\n".join([*_comment_above(lines, at), *lines[at : at + 3]])
    return any(
        re.search(rf"(?<![\w.-]){re.escape(r)}(?![\w-]|\.\d)", near)
        for r in subject.phase.requirements
    )


def _comment_above(lines: list[str], at: int) -> list[str]:
    above: list[str] = []
    for line in reversed(lines[:at]):
        if not re.match(r"\s*(#|//|\*|/\*|@|\"\"\"|'''|- )", line):
            break
        above.append(line)
    return above


def speaks_of(subject: Subject, file: str) -> bool:
    """Say whether a test file mentions a product file that the phase works on.

    It may do so by its own name alone: in some languages nothing is imported.
    """
    if not file:
        return False
    own = [a.path for a in subject.planned if a.action != "keep"]
    own = own or [c.path for c in subject.work()]
    code = [p for p in own if not paths.is_test(p) and not paths.is_document(p)]
    stems = {name for path in code for name in (stem(path), *_given(subject, path))}
    text = subject.old.text(file) or subject.new.text(file)
    text = f"{PurePosixPath(file).name}\n{text}"
    return any(
        re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text)
        for name in stems
        if name
    )


def only_adds(subject: Subject) -> bool:
    """Say whether the product gained functions, and none that was there changed."""
    gained = False
    for change in subject.work():
        if paths.role(change.path) != "product":
            continue
        old = _digests(change.path, subject.old.read(change.path))
        new = _digests(change.path, subject.new.read(change.path))
        if any(new.get(name) != digest for name, digest in old.items()):
            return False
        gained = gained or len(new) > len(old)
    return gained


def _digests(path: str, data: bytes | None) -> dict[str, str]:
    """Return the digests of a file's functions; a class is what its methods are."""
    found = syntax.nodes(path, data or b"")
    return {n.name: n.digest for n in found if n.kind == "function"}


def _given(subject: Subject, path: str) -> Iterator[str]:
    """Return the name that a manifest gives to the package whose root this file is."""
    pure = PurePosixPath(path)
    if pure.stem not in _GENERIC or pure.parent.name not in {"src", "lib", ""}:
        return
    home = pure.parent.parent if pure.parent.name else pure.parent
    for name, pattern in _MANIFESTS.items():
        text = subject.new.text((home / name).as_posix())
        named = re.search(pattern, text, re.MULTILINE)
        if named:
            yield from {named[1], named[1].replace("-", "_")}


def stem(path: str) -> str:
    """Return the name other files import a file by; a package's is its folder's."""
    pure = PurePosixPath(path)
    name = pure.name.partition(".")[0]
    return pure.parent.name if name in _GENERIC and pure.parent.name else name


def _others(subject: Subject, case: Case) -> bool:
    """Say whether another phase of the plan has to mend this test."""
    later = [p for p in subject.plan.phases if p.key != subject.phase.key]
    return any(p.kind != "verification" and _lists(p, case.file) for p in later)


def patterns(phase: Phase) -> tuple[str, ...]:
    """Return what a blast radius names: paths, globs, test names; often nothing."""
    text = (phase.blast_radius or "").strip().strip("`")
    found: list[str] = []
    for part in shellwords.parts(text):
        is_command = bool(shellwords.programs(part.program)) and len(part.words) > 1
        words = part.words[1:] if is_command else part.words
        found += [w for w in words if re.search(r"[/*]|::|\.\w+$|^test_|_test$", w)]
    return tuple(w.removeprefix("./") for w in found if not w.startswith("-"))


def in_radius(phase: Phase, case: Case) -> bool:
    """Say whether a test lies in the blast radius; without one, every test does."""
    named = patterns(phase)
    if not named:
        return True
    return any(
        (case.file and paths.covers(n.partition("::")[0] or n, case.file))
        or n.strip("*") in case.id
        for n in named
    )
