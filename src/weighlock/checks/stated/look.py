"""Layer 6: examples in the words of the plan are probes that nobody had to write.

They come from the plan's snapshot, and the agent has read them: one that is answered
shows that it was, and one that is not is wrong by the plan's own words.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.place.clean import Clean
from weighlock.checks.stated import asking, reading
from weighlock.checks.stated.asking import Answer, Asked
from weighlock.checks.stated.reading import Example
from weighlock.checks.subject import Subject
from weighlock.errors import UncheckableError
from weighlock.plan.encoding import decode
from weighlock.plan.model import Plan, Requirement
from weighlock.run.evidence import Evidence

_KINDS = frozenset({"impl", "integration", "migration"})
_MOST = 50


@dataclass(frozen=True, slots=True)
class _Case:
    example: Example
    path: str

    @property
    def asked(self) -> Asked:
        """Return the call."""
        name = self.example.name.rpartition(".")[2]
        module = asking.module(self.path)
        return Asked(module=module, name=name, args=self.example.args)


async def look(subject: Subject, clean: Clean) -> list[Evidence]:
    """Make the calls that the phase and its requirements give answers to."""
    if subject.phase.kind not in _KINDS:
        return []
    cases = await asyncio.to_thread(_cases, subject)
    if not cases:
        return []
    try:
        seen = await _judge(subject, clean, cases)
    except UncheckableError as error:
        trouble = found("error", "dependency-missing", str(error))
        return [weigh("stated", "probe", [trouble], fine="", decides=False)]
    fine = f"{len(cases)} examples of the plan's own words are answered as it says"
    touched = {c.path for c in subject.work()}
    mine = all(case.path in touched for case in cases)
    decides = mine and not seen
    return [weigh("stated", "probe", seen, fine=fine, decides=decides)]


def _cases(subject: Subject) -> list[_Case]:
    """Return the examples whose function stands in one file of the phase."""
    texts = [subject.phase.text, *_requirements(subject)]
    told = dict.fromkeys(e for text in texts for e in reading.examples(text))
    if not told:
        return []
    new = subject.new
    homes = {path: asking.functions(new.text(path)) for path in _files(subject)}
    placed = (_place(example, homes) for example in told)
    return [case for case in placed if case is not None][:_MOST]


def _requirements(subject: Subject) -> Iterator[str]:
    """Return the texts of what this phase is the last to work on."""
    phases = subject.plan.phases
    rank = {p.key: n for n, p in enumerate(phases) if p.kind in _KINDS}
    mine = rank.get(subject.phase.key, -1)
    for each in subject.plan.requirements:
        cited = [rank[k] for k in each.phases if k in rank]
        if each.id in subject.phase.requirements and max(cited, default=mine) <= mine:
            yield each.text
            yield _paragraph(subject.plan, each)


def _paragraph(plan: Plan, each: Requirement) -> str:
    """Return a requirement with the lines of its item that its text leaves out."""
    span = each.source
    if span is None:
        return ""
    named = f"/{span.file}"
    data = next((s.data for s in plan.sources if named.endswith(f"/{s.path}")), b"")
    lines = decode(data).lines[span.line - 1 :]
    rest = takewhile(lambda line: line[:1].isspace() and line.strip(), lines[1:])
    return " ".join(line.strip() for line in [*lines[:1], *rest])


def _files(subject: Subject) -> list[str]:
    planned = [a.path for a in subject.planned if a.action in {"create", "modify"}]
    changed = [c.path for c in subject.work() if c.status != "D"]
    named = dict.fromkeys([*planned, *changed])
    return [p for p in named if p in subject.new.paths and asking.is_product(p)]


def _place(example: Example, homes: dict[str, frozenset[str]]) -> _Case | None:
    *above, name = example.name.split(".")
    fits = [
        path
        for path, names in homes.items()
        if name in names
        and (not above or asking.module(path).split(".")[-len(above) :] == above)
    ]
    return _Case(example, fits[0]) if len(fits) == 1 else None


async def _judge(subject: Subject, clean: Clean, cases: Sequence[_Case]) -> list[Found]:
    delivery = subject.delivery
    place = await clean.checkout(delivery.head, delivery.base)
    answers = await asking.ask([c.asked for c in cases], place)
    pairs = list(zip(cases, answers, strict=True))
    wrong = [(c, a) for c, a in pairs if _fits(c.example, a) is False]
    seen = [
        found("note", "vacuous-check", _unclear(c, a), path=c.path)
        for c, a in pairs
        if _fits(c.example, a) is None
    ]
    if not wrong:
        return seen
    place = await clean.checkout(delivery.base, delivery.base)
    before = await asking.ask([c.asked for c, _ in wrong], place)
    known = {c.asked.name for c, a in pairs if _fits(c.example, a)}
    for (case, answer), was in zip(wrong, before, strict=True):
        # What base answers so may be told as what is to be changed; and where other
        # examples of a function are met, this one may speak of something else.
        told = _fits(case.example, was) or case.asked.name in known
        weight: Weight = "review" if told else "fail"
        seen.append(found(weight, "probe-failed", _told(case, answer), path=case.path))
    return seen


def _fits(example: Example, answer: Answer) -> bool | None:
    """Say whether an answer is the stated one; None where nobody can tell."""
    if answer.form == "silent":
        return False
    if answer.form == "absent":
        return None
    if example.raises:
        return answer.form == "raised" and example.expected in answer.text.split()
    if answer.form == "raised":
        outside = {"OSError", "ImportError"} & set(answer.text.split())
        return None if outside else False  # a file or a service may be meant
    return reading.met(example.expected, answer.text)


def _unclear(case: _Case, answer: Answer) -> str:
    why = answer.text.split(" ")[0] if answer.form == "raised" else answer.text
    return f"{case.example.call}: it cannot be compared with the plan's words: {why}"


def _told(case: _Case, answer: Answer) -> str:
    example = case.example
    verb = "raises" if example.raises else "gives"
    words = {
        "value": f"it gives {answer.text[:200]}",
        "raised": f"it raises {answer.text.partition(' ')[0]}",
        "silent": "it ends the program, or does not end",
    }
    return (
        f"the plan says that {example.call} {verb} {example.expected}; "
        f"{words.get(answer.form, '')}"
    )
