"""A report → what it claims: files, numbers of tests, commands that went well.

Words are read so that what is plainly said is caught, and nothing else: a number that
could be of some of the tests is no lie when more of them pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weighlock.run.evidence import Claim

_NUMBER = r"(?<![\d.,/])(\d{1,3}(?:,\d{3})+|\d{1,7})"
_TESTS = r"(?:unit |integration |property |new |added |e2e )*tests?"
_GREEN = r"(?:pass(?:es|ed|ing)?|green|succeed(?:s|ed)?)\b"
_BE = r"(?:\s+(?:are|is|now|all|have|were)){0,3}"
_SHARE = re.compile(
    rf"{_NUMBER}\s*(?:/|of|out of)\s*(\d[\d,]*)\s+(?:{_TESTS}{_BE}\s*:?\s*)?{_GREEN}"
    rf"|tests?\s*:?\s*{_NUMBER}\s*/\s*(\d[\d,]*)(?!\s*(?:fail|skip))",
    re.IGNORECASE,
)
_SOME = re.compile(
    rf"{_NUMBER}\s+((?:\w+\s+){{0,2}})tests?{_BE}\s+{_GREEN}"
    rf"|{_NUMBER}\s+((?:tests?\s+)?){_GREEN}",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"\b(?:all|every)\s+(?:of\s+)?(?:the\s+|our\s+|existing\s+)*{_TESTS}{_BE}\s+{_GREEN}"
    rf"|\b(?:full |whole |entire )?test suite\s+(?:is\s+|now\s+)*{_GREEN}"
    rf"|\btests?\s+all\s+{_GREEN}",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?:creat|modif|updat|chang|add|implement|delet|remov|edit|wrote|writ)\w*\b"
    r"[^\n`]{0,40}`([\w./@\-]+\.\w{1,5})`",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|without|no need|cannot|instead of|should|would|could|must|todo"
    r"|fail(?:s|ed|ing|ures?)?|broken|errors?)\b|n't\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:no|0|zero|without)(?: \w+)? (?:fail\w*|errors?|skipped)", re.IGNORECASE
)
_WELL = re.compile(
    rf"\b{_GREEN}|\b(?:ok|clean|success\w*|works|exit(?:ed|s)?(?: code| with)? 0)\b"
    r"|[✅✓✔☑]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of tests that a report says pass."""

    number: int
    whole: bool = False
    """Whether it says that these are all there are."""
    new: bool = False


def read_claim(data: bytes) -> Claim:
    """Read a report: the files it says were changed, the tests it says pass."""
    text = data.decode(errors="replace").strip()
    numbers = [count.number for count in counts(text)]
    return Claim(
        text=text,
        files=tuple(dict.fromkeys(files(text))),
        tests=numbers[0] if numbers else None,
    )


def files(text: str) -> Iterator[str]:
    """Return the names that a report says it created, changed or deleted."""
    for line in text.splitlines():
        for found in _FILE.finditer(line):
            if not _NOT.search(line[: found.start(1)]):
                yield found[1]


def counts(text: str) -> list[Count]:
    """Return the numbers of passing tests that a report names, in its order."""
    seen = [c for line in text.splitlines() for c in _counts(line)]
    return list(dict.fromkeys(seen))


def _counts(line: str) -> Iterator[Count]:
    rest = line
    for found in _SHARE.finditer(line):
        part, whole = (_int(g) for g in found.groups() if g)
        yield Count(number=part, whole=part == whole)
        rest = rest.replace(found[0], " ")
    for found in _SOME.finditer(rest):
        number = _int(found[1] or found[3])
        words = (found[2] or "").lower().split()
        before = rest[: found.start()].lower().split()[-1:]
        new = "new" in words or "added" in words
        yield Count(number=number, whole=before == ["all"], new=new)


def all_pass(text: str) -> bool:
    """Say whether a report claims that every test passes."""
    return any(_ALL.search(line) and _meant(line) for line in text.splitlines())


def went_well(text: str, command: str) -> bool:
    """Say whether a report claims that a command succeeded."""
    wanted = " ".join(command.split())
    lines = (" ".join(line.split()) for line in text.splitlines())
    return any(
        _WELL.search(line.replace(wanted, " ")) and _meant(line.replace(wanted, " "))
        for line in lines
        if re.search(rf"(?<![\w/-]){re.escape(wanted)}(?![\w/-])", line)
    )


def _meant(line: str) -> bool:
    """Say whether a line takes nothing back: "0 failures" does not."""
    return not _NOT.search(_NOTHING.sub(" ", line))


def _int(text: str) -> int:
    return int(text.replace(",", ""))
