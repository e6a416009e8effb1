"""What a judge said of a case: one word, the reasons, and how long it took."""

from dataclasses import dataclass
from typing import Literal

Word = Literal["pass", "fail", "review", "error", "blocked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One check of our gate, as its JSON tells it."""

    id: str
    kind: str
    verdict: str
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One judge's answer about one case."""

    judge: str
    case: str
    word: Word
    codes: tuple[str, ...] = ()
    """Reason codes, as ``CHECK CODE``; other judges have one of their own words."""
    seconds: float = 0.0
    said: str = ""
    """What a person would want to see when the answer surprises."""
    checks: tuple[Weighed, ...] = ()

    @property
    def reasons(self) -> frozenset[str]:
        """Return the bare codes."""
        return frozenset(code.rpartition(" ")[2] for code in self.codes)
