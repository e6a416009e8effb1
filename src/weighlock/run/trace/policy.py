"""What a project asks of a trace: which markers, what is justified, what fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from weighlock.run.trace.marker import Marker
from weighlock.run.trace.model import Row, State, Trace

NEEDS = ("impl", "test")
_DOCUMENTS = (".md", ".markdown", ".rst", ".adoc", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one project, as its configuration says them."""

    needs: tuple[str, ...] = ("impl",)
    """Kinds of marker that every requirement needs: impl, test, or a tag's own."""
    justified: Mapping[str, str] = field(default_factory=dict)
    """Id → why it may stay as it is."""
    fail_on: frozenset[State] = frozenset()
    """States that make the command fail."""

    def breaches(self, trace: Trace) -> Iterator[Row]:
        """Yield the rows that the project does not put up with."""
        for row in trace.rows:
            if row.state in self.fail_on and not row.justified:
                yield row


def covers(marker: Marker) -> str:
    """Return what a marker counts as: impl, test, document, or a tag's own kind."""
    if marker.covering:
        return marker.covering
    if marker.path.lower().endswith(_DOCUMENTS):
        return "document"
    return "test" if marker.is_test else "impl"


def is_covered(need: str, kinds: frozenset[str]) -> bool:
    """Say whether a need is met; any kind of test is a test: ``utest``, ``itest``."""
    return need in kinds or (need == "test" and any(k.endswith("test") for k in kinds))
