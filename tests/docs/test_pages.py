"""The documentation is true: examples run, links lead somewhere, blocks parse."""

import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from weighlock import config

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(p for p in (ROOT / "docs").rglob("*.md") if p.is_file())]
)
TOLD = [p for p in PAGES if p.parent != ROOT or p.name == "README.md"]
"""The pages for whoever uses weighlock; the others are for whoever changes it."""
_DRIVES = re.compile(
    r"^\$ weighlock (?:run(?!.*--dry-run)|resume|demo)\b", re.MULTILINE
)
"""Stories that let agents work take seconds."""

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>(?:test|file): [^\n]*?) -->\n\n?)?"
    r"^(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_EXIT = re.compile(r"\s+# exit code (\d+)\Z")
_END = "\x1e"


@dataclass(frozen=True)
class Block:
    """One fenced block, and what the comment above it asks for."""

    language: str
    text: str
    line: int
    mark: str


@dataclass(frozen=True)
class Step:
    """One command as a reader types it, and what the page shows below it."""

    command: str
    shown: str
    code: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            language=m["language"],
            text=m["text"],
            line=text.count("\n", 0, m.start("fence")) + 1,
            mark=m["mark"] or "",
        )
        for m in _BLOCK.finditer(text)
    ]


def steps(block: Block) -> Iterator[Step]:
    """Read ``$ command``, its ``> more`` lines, and what it shows."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        command = [lines.pop(0)]
        while lines and lines[0].startswith("> "):
            command.append(lines.pop(0)[2:])
        told = _EXIT.search(command[-1])
        code = int(told[1]) if told else 0
        command[-1] = _EXIT.sub("", command[-1])
        yield Step(
            command="\n".join(command), shown="\n".join(lines).strip("\n"), code=code
        )


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def consoles(page: Path) -> list[Block]:
    return [b for b in blocks(page) if b.language in {"console", "bash", "sh"}]


def asks(block: Block) -> bool:
    return block.mark.startswith("test: ") and not block.mark.startswith("test: none")


def stories(page: Path) -> list[list[Block]]:
    """Return what belongs together: ``test: NAME``, then files and ``test: go on``."""
    told: list[list[Block]] = []
    for block in blocks(page):
        if block.mark in {"test: go on", ""} and not block.mark:
            continue
        if asks(block) and block.mark != "test: go on":
            told.append([block])
        elif told and (block.mark == "test: go on" or block.mark.startswith("file: ")):
            told[-1].append(block)
    return told


def drives(block: Block) -> bool:
    return _DRIVES.search(block.text) is not None


def takes_long(page: Path, story: list[Block]) -> bool:
    """Say whether a story is slow: it drives or needs a run, or is a how-to."""
    needs = story[0].mark in {"test: passed", "test: stuck"}
    return needs or page.parent.name == "how-to" or any(map(drives, story))


STORIES = [
    pytest.param(
        page,
        story,
        id=f"{name(page)}:{story[0].line}",
        marks=[pytest.mark.slow] if takes_long(page, story) else [],
    )
    for page in PAGES
    for story in stories(page)
]


@pytest.mark.parametrize(("page", "story"), STORIES)
def test_what_a_page_tells_to_type_works_as_shown(
    page: Path, story: list[Block], prepare: Callable
) -> None:
    place = prepare(story[0].mark.removeprefix("test: "))
    with Shell(place.root, place.env) as shell:
        for block in story:
            if block.mark.startswith("file: "):
                shell.write(block.mark.removeprefix("file: "), block.text)
                continue
            for step in steps(block):
                where = f"{name(page)}:{block.line}: $ {step.command}"
                said, code = shell.run(step.command)
                assert code == step.code, f"{where}\nended with {code}\n{said}"
                assert matches(step.shown, said), f"{where}\nreally shows\n{said}"


class Shell:
    """One bash for a whole story, so that ``cd`` and variables last."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def write(self, path: str, text: str) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def run(self, command: str) -> tuple[str, int]:
        into, out = self.process.stdin, self.process.stdout
        assert into is not None
        assert out is not None
        into.write(f"{{ {command}\n}} </dev/null\nprintf '\\n{_END}%s\\n' $?\n")
        into.flush()
        said: list[str] = []
        for line in out:
            if line.startswith(_END):
                return "".join(said).strip("\n"), int(line[1:])
            said.append(line)
        raise AssertionError(f"the shell ended in: {command}\n{''.join(said)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=30)


def matches(shown: str, said: str) -> bool:
    """Compare; ``…`` stands for anything in a line, alone on a line for any lines."""
    if not shown:
        return True
    pattern = ""
    for line in shown.splitlines():
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            parts = (re.escape(p) for p in line.rstrip().split("…"))
            pattern += r"[^\n]*?".join(parts) + r"[ \t]*\n"
    return re.fullmatch(pattern, said + "\n") is not None


@pytest.mark.parametrize("page", TOLD, ids=name)
def test_every_console_block_is_run_or_says_why_not(page: Path) -> None:
    silent = [
        f"{name(page)}:{b.line}"
        for b in consoles(page)
        if "$ " in b.text and not re.match(r"test: (?:none: .+|\S.*)\Z", b.mark)
    ]
    assert silent == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_inside_the_repository_leads_to_something(page: Path) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"),
                  flags=re.MULTILINE | re.DOTALL)  # fmt: skip
    broken = [
        link
        for link in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"[a-z]+:", link) and not _leads(page, link)
    ]
    assert broken == []


def _leads(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in set(_anchors(target))


def _anchors(page: Path) -> Iterator[str]:
    for title in re.findall(
        r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE
    ):
        plain = re.sub(r"[^\w\- ]", "", title.lower())
        yield plain.replace(" ", "-")


TOML = [
    pytest.param(b, id=f"{name(page)}:{b.line}")
    for page in PAGES
    for b in blocks(page)
    if b.language == "toml"
]


@pytest.mark.parametrize("block", TOML)
def test_every_toml_block_is_something_that_weighlock_reads(
    block: Block, tmp_path: Path
) -> None:
    data = tomllib.loads(block.text)
    if data.keys() & {"probe", "property"}:
        from weighlock.checks.oracle import probes

        path = tmp_path / "probes.toml"
        path.write_text(block.text, encoding="utf-8")
        assert probes.load(path)
    elif "turn" in data:
        from weighlock.agents.script import read

        path = tmp_path / "play.toml"
        path.write_text(block.text, encoding="utf-8")
        assert read(path)
    else:
        config.parse(data, tmp_path / "weighlock.toml")


PYTHON = [
    pytest.param(b, id=f"{name(page)}:{b.line}")
    for page in PAGES
    for b in blocks(page)
    if b.language == "python"
]


@pytest.mark.parametrize("block", PYTHON)
def test_every_python_block_compiles_and_runs_unless_it_is_a_file(
    block: Block, prepare: Callable
) -> None:
    code = compile(block.text, f"line {block.line}", "exec")
    if block.mark.startswith("file: "):
        return  # the story that the file belongs to runs it
    place = prepare(block.mark.removeprefix("test: ") or "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place.root)
        exec(code, {"__name__": "page"})  # noqa: S102 - it is ours
