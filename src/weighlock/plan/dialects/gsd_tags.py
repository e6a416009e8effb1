"""What the tags of a GSD task say: its files, its commands, its criteria."""

import re
from collections.abc import Iterator

from weighlock.plan import shell
from weighlock.plan.expectation import read_expectation
from weighlock.plan.markdown import Page
from weighlock.plan.model import Command, Criterion, FileAction, Span

RUN = "automated"
"""The tag around a command."""
_PATH = re.compile(
    r"[`\"'\s]*([\w@.*~\[\]()+-]+(?:/[\w@.*~\[\]()+-]+)*/?)[`\"']*\s*(.*)"
)
_NEW = re.compile(r"\bnew\b|\bcreate", re.IGNORECASE)
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LINE = 2000
_MOST = 20_000
"""Characters of ``<verify>`` or ``<done>`` that are looked at; nobody writes more."""


def files(page: Page, text: str, line: int) -> Iterator[FileAction]:
    """Yield the files of ``<files>``; ``line`` is where its text starts."""
    for number, part in enumerate(text.split("\n"), line):
        for entry in re.split(r",(?![^(]*\))", part[:_LINE]):
            found = _PATH.match(entry.strip().lstrip("-* "))
            if found and re.search(r"[./*]", found[1]):
                yield FileAction(
                    path=found[1].removeprefix("./"),
                    action="create" if _NEW.search(found[2]) else "modify",
                    source=Span(file=page.file, line=number),
                )


def commands(page: Page, name: str, text: str, line: int) -> Iterator[Command]:
    """Yield the commands of ``<automated>``, quotes over several lines included."""
    if name != RUN:
        return
    body = [
        _bare(part) for part in _ENTITY.sub(lambda m: _ENTITIES[m[1]], text).split("\n")
    ]
    for raw in shell.split(body, line):
        if not raw.text.startswith("MISSING"):
            span = Span(file=page.file, line=raw.line, end_line=raw.end)
            told = read_expectation(raw.said, raw.text)
            yield Command(text=raw.text, expect=told, source=span)


def _bare(line: str) -> str:
    """Return a line without the backticks around it, and no fence at all."""
    inner = line.strip()
    if inner.startswith("```"):
        return ""
    return inner.strip("`").strip() if inner.startswith("`") else line


def criteria(page: Page, name: str, text: str, line: int) -> Iterator[Criterion]:
    """Yield the items of ``<done>``, ``<verify>`` and the like, one a line."""
    if name not in {"verify", "done", "acceptance_criteria"}:
        return
    text = re.sub(
        r"<automated>.*?</automated>|```.*?```|<[^<>]*>",
        lambda m: "\n" * m[0].count("\n"),
        text[:_MOST],
        flags=re.DOTALL,
    )
    for number, part in enumerate(text.split("\n"), line):
        said = re.sub(
            r"\A\s*(?:[-*]\s+|\d+[.)]\s+)?(?:\[.\]\s+)?", "", part[:_LINE]
        ).strip()
        if said:
            span = Span(file=page.file, line=number)
            yield Criterion(text=said, done=False, source=span)
