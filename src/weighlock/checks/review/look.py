"""The way in: ask a reviewer about work that nothing else objects to."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.place.clean import Clean
from weighlock.checks.review import answers, desk, diffs, files
from weighlock.checks.review.questions import QUESTIONS, Question, wanted
from weighlock.checks.subject import Subject
from weighlock.errors import WeighlockError
from weighlock.plan.model import Phase
from weighlock.ports import Cast, Note, Order, Outcome, Room, Store
from weighlock.run.evidence import Evidence, Verdict
from weighlock.run.verdict import outcome, read_document

ROLE = "review"
"""What a reviewer's model calls are counted under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who is asked, and where what comes of it goes."""

    reviewer: Cast | None
    """None: nobody is named."""
    store: Store
    """Keeps everything that a reviewer was told, did and said."""
    note: Note | None = None
    """Is handed what a reviewer's calls came to."""


@dataclass(frozen=True, slots=True)
class _Ear:
    """Listens to a reviewer, who works alone."""

    def spawned(self, pid: int, started: float) -> None:
        """Do nothing: what it starts ends with it."""

    def activity(self, what: str) -> None:
        """Do nothing: the log has it."""

    async def ask(self, question: str) -> str:
        """Answer that nobody is there."""
        del question
        return "Nobody is here to ask. Answer what you can, and say unsure otherwise."


async def look(
    subject: Subject,
    phases: Sequence[Phase],
    seen: Sequence[Evidence],
    clean: Clean,
    asking: Asking,
) -> list[Evidence]:
    """Have what was delivered reviewed, where the plan or the configuration asks.

    A reviewer is only asked about what would pass, or go to a person, without it: it
    can send a pass to review, and nothing that it says makes any verdict better.

    Args:
        subject: What was delivered.
        phases: The phase, and the one that verifies it.
        seen: What every other check found.
        clean: Where checkouts come from.
        asking: Who reviews.
    """
    questions = QUESTIONS[subject.phase.kind]
    if not (questions and subject.work() and wanted(subject.settings, phases)):
        return []
    if outcome(seen) not in {"pass", "review"}:
        return []
    reviewer = asking.reviewer
    if reviewer is None:
        return [_undone("nobody is named to do it: [gate] reviewer")]
    why = reviewer.agent.available()
    if why is not None:
        return [_undone(why)]
    try:
        return [await _reviewed(subject, phases, seen, clean, asking, reviewer)]
    except (WeighlockError, OSError) as error:
        return [_undone(str(error))]


def _undone(why: str) -> Evidence:
    note = found("note", "not-reviewed", f"the review did not take place: {why}")
    return weigh("review", "review", [note], fine="did not take place", decides=False)


async def _reviewed(
    subject: Subject,
    phases: Sequence[Phase],
    seen: Sequence[Evidence],
    clean: Clean,
    asking: Asking,
    reviewer: Cast,
) -> Evidence:
    questions = QUESTIONS[subject.phase.kind]
    earlier = _verdicts(asking.store, subject.delivery.earlier)
    order = await _order(subject, clean, reviewer)
    shown = await asyncio.to_thread(_shown, subject, clean, reviewer)
    given = desk.papers(subject, phases, seen, earlier, shown)
    desk.put(order.room.path, given)
    order = replace(order, prompt=desk.prompt(given, questions))
    ended = await reviewer.agent.work(order, _Ear())
    if asking.note is not None:
        for fact in ended.facts:
            asking.note(fact)
    told = await asyncio.to_thread(_told, order, ended)
    evidence = asking.store.put(told)
    if ended.ending != "ended":
        why = f"{reviewer.agent.name}: {ended.ending}, {ended.detail}"
        return replace(_undone(why), evidence=evidence)
    return weighed(subject, questions, ended.said, evidence, reviewer.agent.name)


def weighed(
    subject: Subject, questions: Sequence[Question], said: str, evidence: str, who: str
) -> Evidence:
    """Return the evidence of what a reviewer said; it never decides for a phase."""
    heard: list[Found] = answers.weighed(subject, questions, said, evidence)
    open_ = sum(reason.code == "not-reviewed" for _, reason in heard)
    fine = f"{who} answered {len(questions) - open_} of {len(questions)} questions"
    one = weigh("review", "review", heard, fine=fine, decides=False)
    return replace(one, evidence=evidence)


async def _order(subject: Subject, clean: Clean, reviewer: Cast) -> Order:
    """Set the desk: a checkout in a folder of its own, read only, thrown away.

    Who has no tools needs no checkout.
    """
    head, apart = subject.delivery.head, clean.new("reviewer")
    limit, path, reads = subject.settings.review_s, apart, tuple[Path, ...]()
    if reviewer.tools:
        place = await clean.checkout(head, subject.delivery.base)
        path, reads = place.tree.parent, place.reads
    room = Room(
        phase=subject.phase.key,
        attempt=subject.delivery.attempt,
        path=path,
        base=head,
        reads=reads,
        writable=False,
    )
    return Order(
        phase=subject.phase.key,
        attempt=subject.delivery.attempt,
        session=1,
        prompt="",
        room=room,
        log=apart / "log",
        home=apart / "home",
        deadline_s=limit,
        idle_s=limit,
        owner=ROLE,
        model=reviewer.model,
        effort=reviewer.effort,
    )


def _shown(subject: Subject, clean: Clean, reviewer: Cast) -> dict[str, str]:
    forms = {"plain.diff": diffs.plain, "bare.diff": diffs.bare}
    shown = {
        name: diffs.diff(subject, form, clean.new("diff"))
        for name, form in forms.items()
    }
    if not reviewer.tools:
        shown[desk.FILES] = files.numbered(subject, desk.SHARES[desk.FILES])
    return shown


def _told(order: Order, ended: Outcome) -> bytes:
    """Return what was asked, what was done and what was said, to be kept."""
    log = order.log.read_bytes() if order.log.is_file() else b""
    parts = (order.prompt.encode(errors="replace"), log, ended.said.encode("utf-8"))
    return b"\n\n----\n\n".join(parts)


def _verdicts(store: Store, digests: Sequence[str]) -> list[Verdict]:
    """Read the verdicts on earlier attempts; one that is gone is left out."""
    known = []
    for digest in digests:
        try:
            known.append(read_document(json.loads(store.get(digest))))
        except (WeighlockError, ValueError, KeyError, TypeError):
            continue
    return known
