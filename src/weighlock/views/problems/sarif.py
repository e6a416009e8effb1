"""Problems as a SARIF 2.1.0 log, for code scanning and editors.

Source of the shape: OASIS, Static Analysis Results Interchange Format 2.1.0 with
errata 01.  Its schema lies in the tests.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from posixpath import normpath
from urllib.parse import quote

from weighlock.plan.lint.rules import RULES, Rule
from weighlock.plan.model import Problem

Lines = Mapping[str, Sequence[str]]
"""Normal path → the lines of that file."""

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_GITHUB = {"error": "error", "warning": "warning", "info": "recommendation"}
_UNREADABLE = "WL904-unreadable"
_FINGERPRINT = "weighlockLine/v1"
_FENCE = "`" * 6


def as_sarif(
    problems: Sequence[Problem],
    lines: Lines,
    *,
    version: str,
    relative: Callable[[str], str] = str,
) -> dict[str, object]:
    """Return one run; what could not be read is a notification, not a result.

    Args:
        problems: What was found.
        lines: The text that the positions are in, for snippets and fingerprints.
        version: Of weighlock.
        relative: Gives a file's path relative to the repository.
    """
    unread = [p for p in problems if p.code == _UNREADABLE]
    found = [p for p in problems if p.code != _UNREADABLE]
    marks = _fingerprints(found, lines, relative)
    results = [
        _result(p, m, lines, relative) for p, m in zip(found, marks, strict=True)
    ]
    driver = {
        "name": "weighlock",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(r) for r in RULES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(unread, relative)],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


_INDEX = {rule.code: at for at, rule in enumerate(RULES)}


def _rule(rule: Rule) -> dict[str, object]:
    number, _, words = rule.code.partition("-")
    help_ = f"{rule.title}. {rule.why} {rule.cure}"
    markdown = f"**{rule.title}**\n\n{rule.why}\n\n{rule.cure}"
    for head, example in (("Wrong", rule.bad), ("Right", rule.good)):
        if example:
            text = f"{_FENCE}markdown\n{example.rstrip()}\n{_FENCE}"
            markdown += f"\n\n{head}:\n\n{text}"
    return {
        "id": rule.code,
        "name": "".join(map(str.capitalize, words.split("-"))) or number,
        "shortDescription": {"text": f"{rule.title[0].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": help_, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.family],
            "problem.severity": _GITHUB[rule.severity],
        },
    }


def _result(
    problem: Problem, mark: str, lines: Lines, relative: Callable[[str], str]
) -> dict[str, object]:
    hint = f"\n{problem.hint}" if problem.hint else ""
    found: dict[str, object] = {
        "ruleId": problem.code,
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message + hint},
        "partialFingerprints": {_FINGERPRINT: mark},
    }
    if problem.code in _INDEX:
        found["ruleIndex"] = _INDEX[problem.code]
    if problem.source:
        found["locations"] = [_location(problem, lines, relative)]
    return found


def _location(
    problem: Problem, lines: Lines, relative: Callable[[str], str]
) -> dict[str, object]:
    where = problem.source
    if where is None:
        return {}
    region: dict[str, object] = {
        "startLine": max(where.line, 1),
        "startColumn": max(where.column, 1),
    }
    text = _line(problem, lines)
    if text:
        region["snippet"] = {"text": text}
    place = {"artifactLocation": _artifact(relative(where.file)), "region": region}
    return {"physicalLocation": place}


def _artifact(path: str) -> dict[str, object]:
    """Name a file: relative to the root of the sources, or where it is outside."""
    if Path(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    uri = quote(normpath(path), safe="/~!$&'()*+,;=@")
    if uri.startswith("../"):
        return {"uri": uri}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _line(problem: Problem, lines: Lines) -> str:
    where = problem.source
    if where is None:
        return ""
    page = lines.get(normpath(where.file), ())
    return page[where.line - 1] if 0 < where.line <= len(page) else ""


def _fingerprints(
    problems: Sequence[Problem], lines: Lines, relative: Callable[[str], str]
) -> list[str]:
    """Return what stays the same when lines above a problem come or go.

    Rule, file and the words of the line; equal ones are told apart by their order.
    """
    seen: Counter[str] = Counter()
    marks = []
    for problem in problems:
        file = relative(problem.source.file) if problem.source else ""
        words = " ".join(_line(problem, lines).split()) or problem.message
        whole = f"{problem.code}\0{file}\0{words}"
        digest = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        marks.append(f"{digest}:{seen[digest]}")
    return marks


def _invocation(
    unread: Sequence[Problem], relative: Callable[[str], str]
) -> dict[str, object]:
    if not unread:
        return {"executionSuccessful": True}
    return {
        "executionSuccessful": False,
        "toolExecutionNotifications": [_notification(p, relative) for p in unread],
    }


def _notification(
    problem: Problem, relative: Callable[[str], str]
) -> dict[str, object]:
    told: dict[str, object] = {
        "level": "error",
        "message": {"text": problem.message},
        "descriptor": {"id": problem.code},
    }
    if problem.source:
        artifact = _artifact(relative(problem.source.file))
        told["locations"] = [{"physicalLocation": {"artifactLocation": artifact}}]
    return told
