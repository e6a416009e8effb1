"""What a report is made of, whatever it is written in."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Look = Literal[
    "",
    "code",
    "strong",
    "soft",
    "tag",
    "good",
    "bad",
    "you",
    "live",
    "phantom",
]
"""How a word is meant; every look but the first is visible without colour too."""


@dataclass(frozen=True, slots=True)
class Span:
    """A few words with a meaning."""

    text: str
    look: Look = ""
    link: str = ""
    """Anchor of another place in the report."""
    place: str = ""
    """Anchor of these words themselves."""


Words: TypeAlias = tuple[str | Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; level 1 is the report's title."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    words: Words
    look: Literal["", "lead", "soft"] = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns; each row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    label: str
    """What the table shows, for people who cannot see it."""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to type or to read as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's own words, line by line: a claim, shown and never obeyed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing; only pages show it."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Numbers to see first, each with its word and tone."""

    tiles: tuple[tuple[str, str, Look], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Two things to hold against each other."""

    left: "tuple[str, tuple[Block, ...]]"
    right: "tuple[str, tuple[Block, ...]]"
    tone: Look = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A part that can be folded away; ``open`` when it deserves attention."""

    title: Words
    blocks: "tuple[Block, ...]"
    anchor: str = ""
    open: bool = False
    tone: Look = ""


Block: TypeAlias = (
    Heading | Para | Items | Table | Code | Said | Figure | Tiles | Beside | Fold
)
