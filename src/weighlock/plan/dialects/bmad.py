"""BMAD stories: a file holds tasks, a folder of files holds stories, each a phase."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.dialects.bmad_tasks import plain, tasks
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.model import Criterion, Span, Status
from weighlock.plan.outline import Added, Book, Outline, TableRow, Unit
from weighlock.plan.requirements import Defined
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean

_STORY = re.compile(
    r"(?:User )?Story\s*#?(?P<key>\d{1,3}(?:[.-]\d{1,3}){0,2}[a-z]?)?\s*[:.–—-]*\s*"
    r"(?P<title>.*)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"(?:(?:story|epic)[-_. ]*)?(\d{1,3})[-_.](?:story[-_. ]*)?(\d{1,3})(?![\d])",
    re.IGNORECASE,
)
_CRITERION = re.compile(
    r"(?P<indent>[ \t]*)(?:#{3,5}[ \t]+)?(?:[-*+][ \t]+)?(?:\[.\][ \t]+)?[*_]*"
    r"(?:(?:AC[ -]*#?|Criterion )(?P<named>\d{1,2})\b[*_:.)\s–—-]*"
    r"|(?P<id>\d{1,2})[*_]*[.):]+[*_]*\s+)(?P<text>\S.*)",
    re.IGNORECASE,
)
_SECTIONS = {
    "status": re.compile(r"\W*status\W*\Z", re.IGNORECASE),
    "story": re.compile(r"\W*(?:user )?story\W*\Z", re.IGNORECASE),
    "criteria": re.compile(r"\W*acceptance criteria\b", re.IGNORECASE),
    "tasks": re.compile(
        r"\W*tasks?\s*(?:/|&|and)?\s*(?:sub-?tasks?)?\b.{0,20}\Z", re.IGNORECASE
    ),
}
_WORDS: tuple[tuple[str, Status], ...] = (
    ("ready for review", "in_progress"),
    ("ready-for-review", "in_progress"),
    ("review", "in_progress"),
    ("inprogress", "in_progress"),
    ("changes requested", "in_progress"),
)
_SURE = 0.93
_LINE = 2000


def confidence(book: Book) -> float:
    """Say how sure it is: the sections of a story; in a folder, in most files."""
    stories = _stories(book)
    if not stories:
        return 0.0
    if len(book.pages) == 1:
        return _SURE
    numbered = [p for p in book.pages if _FILE.match(posixpath.basename(p))]
    return _SURE + 0.03 if len(stories) * 2 > len(numbered) else 0.0


def read(book: Book) -> Outline:
    """Read the tasks of one story, or the stories of one folder."""
    stories = _stories(book)
    if len(stories) == 1:
        return _one(next(iter(stories.values())))
    found = [_story(path, page) for path, page in stories.items()]
    found.sort(key=lambda unit: key.order(unit.key))
    return Outline(
        units=tuple(found),
        title=f"{len(found)} stories",
        id=plan_id(stories.values()),
        tracker=tuple(_sprint(book)),
        rules=tuple(p for p in book.pages.values() if p not in stories.values()),
        defined=tuple(
            replace(item, id=f"{unit.key}-AC{item.id}")
            for unit in found
            for item in _criteria(unit.page)
        ),
    )


def _stories(book: Book) -> dict[str, Page]:
    return {path: page for path, page in book.pages.items() if _is_story(page)}


def _is_story(page: Page) -> bool:
    parts = _parts(page)
    if "criteria" not in parts or "tasks" not in parts:
        return False
    return "story" in parts or bool(_STORY.match(_top(page)) or "dev notes" in parts)


def _top(page: Page) -> str:
    return next((h.text for h in page.headings if h.text), "")


def _parts(page: Page) -> dict[str, tuple[int, int]]:
    """Return the sections of a story: name → first and last line below its heading."""
    parts: dict[str, tuple[int, int]] = {}
    heads = page.headings
    for at, heading in enumerate(heads):
        if heading.text.lower().strip(" :*") == "dev notes":
            parts.setdefault("dev notes", (heading.line, heading.line))
        for name, words in _SECTIONS.items():
            if name not in parts and heading.level > 1 and words.match(heading.text):
                after = (h.line for h in heads[at + 1 :] if h.level <= heading.level)
                last = next(after, len(page.lines) + 1) - 1
                parts[name] = (heading.line + 1, last)
                break
    return parts


def _title(page: Page) -> str:
    title = title_of(page)
    found = _STORY.match(title)
    return clean(found["title"]) if found and found["title"] else title


def story_state(text: str) -> Status | None:
    """Return the state that BMAD's words for a story name, or None."""
    plain = text.strip(" *`_").lower()
    told = (state for words, state in _WORDS if plain.startswith(words))
    return next(told, None) or read_status(text)


def _status(page: Page) -> str:
    """Return the words of the status."""
    return status_at(page)[1]


def status_at(page: Page) -> tuple[int, str]:
    """Return line and words of a story's status; 0 when no line of its own has them.

    They stand below the heading "Status", on a line "Status: …" or in front matter.
    """
    part = _parts(page).get("status")
    for number in range(part[0], part[1] + 1) if part else ():
        if page.lines[number - 1].strip():
            return number, page.lines[number - 1].strip().strip("*_` ")[:200]
    for number, line in enumerate(page.lines[:20], 1):
        if found := re.match(r"\W*status\W*:\W*(\w.*)", line[:200], re.IGNORECASE):
            return number, found[1].strip("*_` ")
    return 0, page.front.get("status", "")


def _one(page: Page) -> Outline:
    defined = tuple(_criteria(page))
    known = tuple(item.id for item in defined)
    return Outline(
        units=tuple(tasks(page, _parts(page)["tasks"], known)),
        title=_title(page),
        id=plan_id((page,)),
        status=story_state(_status(page)) or "pending",
        defined=defined,
    )


def _story(path: str, page: Page) -> Unit:
    """Make a phase of a story file."""
    found = _STORY.match(_top(page))
    named = _FILE.match(posixpath.basename(path))
    stated = (found["key"] or "").replace("-", ".") if found else ""
    number = key.normal(stated) if "." in stated else None
    if number is None and named:
        number = f"{int(named[1])}.{int(named[2])}"
    said = _status(page)
    state = story_state(said)
    below = list(tasks(page, _parts(page)["tasks"], ()))
    defined = list(_criteria(page))
    return Unit(
        page=page,
        key=number or key.normal(stated) or posixpath.basename(path),
        title=_title(page),
        first=1,
        last=(_parts(page)["tasks"])[1],
        status=state,
        status_text=said if state else "",
        group=f"epic {number.split('.')[0]}" if number else None,
        added=Added(
            criteria=tuple(
                Criterion(
                    text=item.text.split("\n", 1)[0],
                    done=False,
                    source=Span(file=item.file, line=item.line),
                )
                for item in defined
            ),
            requirements=tuple(f"{number}-AC{item.id}" for item in defined),
            files=tuple({f.path: f for t in below for f in t.added.files}.values()),
        ),
    )


def _criteria(page: Page) -> Iterator[Defined]:
    """Yield the acceptance criteria by number; what is indented belongs to one."""
    first, last = _parts(page)["criteria"]
    opened: list[tuple[str, int, list[str]]] = []
    for number in range(first, last + 1):
        line = page.lines[number - 1][:_LINE]
        found = None if page.shade[number - 1] else _CRITERION.match(line)
        if found and not found["indent"]:
            name = str(int(found["named"] or found["id"]))
            opened.append((name, number, [found["text"]]))
        elif opened and line.strip():
            opened[-1][2].append(line.strip())
    if not opened:
        opened = [
            (str(at), n, [plain(page.lines[n - 1])])
            for at, n in enumerate(_bullets(page, first, last), 1)
        ]
    for name, number, lines in opened:
        text = "\n".join(lines).replace("**", "")
        yield Defined(name, text, page.file, number)


def _bullets(page: Page, first: int, last: int) -> Iterator[int]:
    for number in range(first, last + 1):
        if re.match(r"[-*+]\s+\S", page.lines[number - 1]):
            yield number


def _sprint(book: Book) -> Iterator[TableRow]:
    """Yield the rows of ``sprint-status.yaml``: ``1-2-user-login: review``."""
    for path, page in book.pages.items():
        if not posixpath.basename(path).startswith("sprint-status"):
            continue
        for number, line in enumerate(page.lines, 1):
            found = re.match(
                r"\s+(\d{1,3})-(\d{1,3})-([\w-]+):\s*([\w -]+)", line[:200]
            )
            if found:
                said = found[4].strip()
                yield TableRow(
                    key=f"{int(found[1])}.{int(found[2])}",
                    title=found[3].replace("-", " "),
                    status=story_state(said),
                    status_text=said,
                    page=page,
                    line=number,
                )
