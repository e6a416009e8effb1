"""A unit's own lines → the fields of its phase, all but its place in the order."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from weighlock.plan import shell
from weighlock.plan.expectation import read_expectation
from weighlock.plan.fences import Fence
from weighlock.plan.files import deliverable_files, read_files
from weighlock.plan.key import normal
from weighlock.plan.kinds import read_kind
from weighlock.plan.lines import Line, read_lines
from weighlock.plan.markdown import Page
from weighlock.plan.model import (
    Command,
    Criterion,
    Deliverable,
    FileAction,
    Phase,
    Span,
    Status,
)
from weighlock.plan.needs import Phrase, phrases
from weighlock.plan.outline import Unit
from weighlock.plan.parts.said import said_files
from weighlock.plan.parts.spoken import spoken
from weighlock.plan.requirements import phase_ids, read_ids
from weighlock.plan.status import read_status

_EACH = re.compile(r"\b(?:each|both|either)\b", re.IGNORECASE)
_NEAR = 4
_LONGEST_NAME = 80
_TICKED = re.compile(r"`([^`]+)`")
_REMARK = re.compile(r"\s*[(:,—–]|\s-\s")
_WHO = re.compile(
    r"[\[(](?:owner|agent):\s*@?([\w -]{2,40})[\])]\s*$|\s@([\w-]{2,40})\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A phase without its needs, and what its text says about them."""

    phase: Phase
    needs: tuple[Phrase, ...]
    given: tuple[str, ...] | None
    """The needs that the dialect read elsewhere; they stand above the phrases."""
    parallel: str
    """What it says about running beside others."""
    read: frozenset[int]
    """Line numbers that ended up in a field."""


def read_body(unit: Unit) -> Body:
    """Read one unit."""
    page = unit.page
    lines = tuple(read_lines(page, unit.first, unit.last)) if unit.first else ()
    found = _Values(lines)
    every = _commands(page, unit, lines)
    # What only acts is an instruction to whoever does the work, not a check of it.
    raws = [raw for raw in every if raw.said or not shell.acts(raw.text)]
    status = unit.status or _status(found)
    files, said = _files(lines, every, page.file)
    phase = Phase(
        key=unit.key,
        title=unit.title,
        kind=read_kind(unit.title, unit.file_name, found.one("kind")),
        id=unit.id,
        verifies=_named(found.one("verifies")),
        group=unit.group,
        owner=_owner(found.one("owner")),
        skills=_list(found.one("skills")),
        estimate=found.one("estimate") or None,
        status=status or "pending",
        status_text=unit.status_text or (found.one("status") if status else ""),
        blast_radius=_blast(found.one("blast")),
        requirements=tuple(phase_ids(lines) or read_ids(unit.title)),
        files=files,
        said=said,
        commands=tuple(_command(page.file, raw) for raw in raws),
        criteria=tuple(_criteria(lines, page.file)),
        deliverables=tuple(_deliverables(lines, page.file)),
        text=page.text(unit.first, unit.last),
        source=Span(file=page.file, line=max(unit.first, 1), end_line=unit.last),
    )
    told = [n.number for n in lines if n.topic or n.heading or n.box is not None]
    return Body(
        phase=phase,
        needs=phrases(lines) or _said(unit),
        given=unit.needs,
        parallel=found.one("group"),
        read=frozenset([*told, *shell.covered(raws)]),
    )


def _files(
    lines: Sequence[Line], commands: Iterable[shell.Raw], file: str
) -> tuple[tuple[FileAction, ...], tuple[FileAction, ...]]:
    """Return what lists demand, and what sentences beside them permit."""
    listed = tuple(read_files(lines, file))
    listed = listed or tuple(deliverable_files(lines, file))
    told = (
        *read_files(lines, file, perhaps=True),
        *said_files(lines, ((raw.line, raw.text) for raw in commands), file),
    )
    known = {action.path for action in listed}
    return listed, tuple(action for action in told if action.path not in known)


def _said(unit: Unit) -> tuple[Phrase, ...]:
    return (Phrase(unit.said, max(unit.first, 1)),) if unit.said else ()


class _Values:
    """The value that each topic has first."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._first: dict[str, str] = {}
        for line in lines:
            title = line.heading and line.text == line.label
            if line.topic and line.text and not title:
                self._first.setdefault(line.topic, line.text)

    def one(self, topic: str) -> str:
        """Return the first value of a topic, or the empty string."""
        return self._first.get(topic, "")


def _status(found: _Values) -> Status | None:
    return read_status(found.one("status"))


def _named(text: str) -> str | None:
    """Return the one phase that a value names: ``Phase 03 (stub)``; not two of them."""
    return normal(_REMARK.split(text, maxsplit=1)[0])


def _owner(text: str) -> str | None:
    name = re.sub(r"[`*]", "", text.split(" | ", maxsplit=1)[0]).strip(" .|-@")
    return name if name and name[0] not in "[<" and len(name) <= _LONGEST_NAME else None


def _list(text: str) -> tuple[str, ...]:
    parts = (part.strip("`*[] .") for part in re.split(r"[,;]", text))
    return tuple(p for p in parts if p and p.lower() not in {"none", "n/a", "-"})


def _blast(text: str) -> str | None:
    if not text or re.match(r"(?:n/?a|none|-)\b", text, re.IGNORECASE):
        return None
    found = _TICKED.search(text)
    return found[1] if found else text


def _criteria(lines: Sequence[Line], file: str) -> Iterator[Criterion]:
    for line in lines:
        plain = line.topic == "criteria" and line.item
        if (line.box is not None or plain) and line.topic != "aside" and line.text:
            text = line.text
            if line.label and not text.startswith(("*", "_", line.label)):
                text = f"{line.label}: {text}"
            yield Criterion(
                text=text,
                done=(line.box or "") in {"x", "X"},
                source=Span(file=file, line=line.number),
            )


def _deliverables(lines: Sequence[Line], file: str) -> Iterator[Deliverable]:
    for line in lines:
        if line.topic == "deliverables" and line.item and not line.indent and line.text:
            who = _WHO.search(line.text)
            yield Deliverable(
                text=line.text,
                owner=(who[1] or who[2]).strip() if who else None,
                source=Span(file=file, line=line.number),
            )


def _commands(page: Page, unit: Unit, lines: Sequence[Line]) -> list[shell.Raw]:
    """Return the commands of the unit's shell blocks and ``Run:`` lines, in order."""
    found: list[tuple[int, shell.Raw]] = []
    at, topic = 0, None
    for fence in page.fences_between(unit.first, unit.last):
        while at < len(lines) and lines[at].number < fence.line:
            topic = lines[at].topic
            at += 1
        if topic != "aside":
            found.extend((fence.end, raw) for raw in _block(page, fence))
    found += [(line.number, raw) for line in lines if (raw := spoken(line))]
    found.sort(key=lambda pair: pair[1].line)
    told = (line for line in lines if line.topic == "said" and line.label)
    _tell(found, [(line.number, line.text or _shown(page, line)) for line in told])
    return [raw for _, raw in found]


def _shown(page: Page, line: Line) -> str:
    """Return the output that a block below "Expected output:" shows.

    One line is found in what is printed; whether several are is for a reviewer.
    """
    fence = next(iter(page.fences_between(line.number + 1, line.number + 2)), None)
    if fence is None or fence.language in shell.SHELL or not fence.closed:
        return ""
    shown = [x.strip() for x in page.lines[fence.line : fence.end - 1] if x.strip()]
    if len(shown) != 1:
        return "\n".join(shown)
    plain = shown[0].isdigit() or read_expectation(shown[0]).form in {"pass", "none"}
    return shown[0] if plain else f"shows `{shown[0]}`"


def _tell(
    commands: Sequence[tuple[int, shell.Raw]], said: Iterable[tuple[int, str]]
) -> None:
    """Give each "Expected: …" below a block to the block's last command."""
    ends = [end for end, _ in commands]
    for number, text in said:
        at = bisect_left(ends, number) - 1
        if at >= 0 and number - ends[at] <= _NEAR and not commands[at][1].said:
            commands[at][1].said = text


def _block(page: Page, fence: Fence) -> list[shell.Raw]:
    last = fence.end - 1 if fence.closed else fence.end
    body = page.lines[fence.line : last]
    unlabelled = not fence.language and shell.looks_like_shell(body)
    if fence.language not in shell.SHELL and not unlabelled:
        return []
    return _shared(shell.split(body, fence.line + 1))


def _shared(commands: list[shell.Raw]) -> list[shell.Raw]:
    """Let commands of one program, one below the other, share what is said of the last.

    Only where that holds for each: nothing found, success, or "each" in the words.
    """
    for above, below in reversed(list(pairwise(commands))):
        first = 2 if above.text.startswith("git ") else 1
        alike = above.text.split()[:first] == below.text.split()[:first]
        if alike and not above.said and above.end + 1 == below.line and below.said:
            form = read_expectation(below.said, below.text).form
            if form in {"none", "pass"} or _EACH.search(below.said):
                above.said = below.said
    return commands


def _command(file: str, raw: shell.Raw) -> Command:
    return Command(
        text=raw.text,
        expect=read_expectation(raw.said, raw.text),
        source=Span(file=file, line=raw.line, end_line=raw.end),
    )
