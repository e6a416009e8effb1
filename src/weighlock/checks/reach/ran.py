"""Where reading cannot tell whether new code is used, running can.

A new file whose every function throws a word that nobody could know is put into a
checkout, and the plan's commands that passed are run again: when the word comes out,
code that existed before came to the new one, by whatever name it found it.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from weighlock.checks.commands import commands
from weighlock.checks.finding import found, weigh
from weighlock.checks.place.checkout import write
from weighlock.checks.place.clean import Clean
from weighlock.checks.reach.entries import spellings
from weighlock.checks.reading import shellwords
from weighlock.checks.runners.call import recognise
from weighlock.checks.strength.mutators import bodies, python
from weighlock.checks.subject import Subject
from weighlock.plan.model import Phase
from weighlock.run.evidence import Evidence, Reason
from weighlock.syntax.language import language

_MOST = 4
"""Files that are tried; where more are in doubt, a person looks."""


async def look(
    subject: Subject, phases: Iterable[Phase], seen: Sequence[Evidence], clean: Clean
) -> list[Evidence]:
    """Return the findings; what a command was seen to run is no longer in doubt.

    Args:
        subject: What was delivered.
        phases: Those whose commands count: the phase, and the one that verifies it.
        seen: What every check found, ``wiring`` and the commands among it.
        clean: Where checkouts come from.
    """
    wiring = next((e for e in seen if e.check == "wiring"), None)
    if wiring is None or wiring.verdict != "review":
        return list(seen)
    doubted = [r for r in wiring.reasons if r.path]
    passed = {e.command for e in seen if e.command and e.verdict == "pass"}
    lines = [c.text for p in phases for c in p.commands if c.text in passed]
    if len(doubted) != len(wiring.reasons) or len(doubted) > _MOST:
        return list(seen)
    by = [await _by(subject, clean, r.path or "", lines) for r in doubted]
    if not all(by):
        return list(seen)
    return [_settled(e, doubted, by) if e is wiring else e for e in seen]


def _settled(
    wiring: Evidence, doubted: Sequence[Reason], by: Sequence[str]
) -> Evidence:
    notes = (
        found(
            "note", "not-wired", f"no name leads to it; `{line}` runs it", path=r.path
        )
        for r, line in zip(doubted, by, strict=True)
    )
    fine = "the new code is used, by what the plan's commands run"
    settled = weigh(wiring.check, wiring.kind, notes, fine=fine, decides=False)
    return replace(settled, notes=(*wiring.notes, *settled.notes))


async def _by(subject: Subject, clean: Clean, path: str, lines: Sequence[str]) -> str:
    """Return the command that runs a file by way of others; empty when none does."""
    sign = f"weighlock{secrets.token_hex(8)}"
    loud = _loud(path, subject.new.read(path) or b"", sign)
    others = list(_through_others(subject, path, lines))
    if loud is None or not others:
        return ""
    place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    write(place.tree, path, loud)
    for line in others:
        done = await commands.start(line, place, clean.settings.command_s)
        if sign.encode() in done.stdout + done.stderr:
            return line
    return ""


def _loud(path: str, data: bytes, sign: str) -> bytes | None:
    known = language(path)
    if known is None:
        return None
    if known == "python":
        return python.throwing(data, sign)
    return bodies.throwing(known, data, sign)


def _through_others(subject: Subject, path: str, lines: Iterable[str]) -> Iterator[str]:
    """Leave out what starts the file itself, and tests, which may know it by name."""
    own = spellings(path)
    for line in lines:
        words = {w for part in shellwords.parts(line) for w in part.words}
        named = any(one in word for word in words for one in own)
        if not named and recognise(line, subject.new) is None:
            yield line
