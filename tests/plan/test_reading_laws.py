"""Laws that hold for every plan."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan import key, shell
from weighlock.plan.encoding import decode
from weighlock.plan.layout import choose
from weighlock.plan.model import Source
from weighlock.plan.read import DIALECTS, read

SCRAPS = st.sampled_from(
    [
        "# P",
        "## Phase 1: A",
        "### Phase 2a - B ✅",
        "```bash",
        "```",
        "~~~~",
        "<!--",
        "-->",
        "---",
        "| Phase | Status |",
        "|---|---|",
        "| 01 | done |",
        "**Dependencies:** Phases 1-3",
        "- [x] T001 do",
        "  - [ ] 1.2 more",
        "- Required: Phase 2 completed",
        "# Expected: 2+ matches",
        "cat <<EOF",
        "EOF",
        "if true; then",
        "echo 'a",
        "**Files to create:**",
        "- `a/b.py`",
        "‚úÖ",
        "\t",
        "",
        "REQ-A-001 through REQ-A-900",
    ]
)
TEXTS = st.lists(SCRAPS | st.text(max_size=30), max_size=40).map("\n".join)
NAMES = st.sampled_from(["plan/01-a.md", "plan/02.md", "tasks.md", "x.md", "README"])


def plan_of(data: bytes, name: str = "x.md"):
    return read([Source(path=name, data=data)], path=name, root=".")


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(NAMES, st.binary(max_size=200) | TEXTS.map(str.encode), min_size=1)
)
def test_any_bytes_give_a_plan_whose_keys_are_unique(files: dict[str, bytes]):
    sources = [Source(path=name, data=data) for name, data in files.items()]
    plan = read(sources, path="x", root="r")
    keys = [p.key for p in plan.phases]
    assert keys
    assert len(set(keys)) == len(keys)
    assert all(n in keys and n != p.key for p in plan.phases for n in p.needs)
    assert plan.understood.read <= plan.understood.lines


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(list(DIALECTS)))
def test_every_reader_takes_every_text(text: str, dialect):
    sources = [Source(path="x.md", data=text.encode())]
    assert read(sources, path="x.md", root=".", dialect=dialect).phases


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_line_ends_do_not_matter(text: str):
    text = text.replace("\r", "")
    unix = plan_of(text.encode())
    dos = plan_of(text.replace("\n", "\r\n").encode())
    assert unix.phases == dos.phases
    assert unix.tracker == dos.tracker


@given(
    st.text(max_size=20)
    | st.from_regex(r"[PT]?\d{1,3}(\.\d)?[a-zA-Z]?", fullmatch=True)
)
def test_the_normal_form_of_a_key_is_its_own_normal_form(text: str):
    name = key.normal(text)
    assert name is None or key.normal(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("P03", "03"),
        ("Phase 3", "03"),
        ("3A", "03a"),
        ("PLAN-20261101-X.P03a", "03a"),
        ("0.5", "0.5"),
        ("P0.5", "0.5"),
        ("12", "12"),
        ("003", "03"),
        ("T001", "T001"),
        ("2.3", "2.3"),
        ("03#2", "03#2"),
        ("03-01", "03-01"),
        ("00a-V", None),
        ("REQ-001", None),
        ("", None),
    ],
)
def test_every_spelling_of_a_key_has_one_normal_form(text: str, name: str | None):
    assert key.normal(text) == name


def bare(text: str) -> str:
    """Text without comment lines and blanks."""
    kept = [x for x in text.split("\n") if not x.lstrip().startswith("#")]
    return re.sub(r"\s", "", "".join(kept))


SHELL = st.lists(
    st.sampled_from(
        [
            "ls -la",
            "grep 'a b' x \\",
            "  | wc -l",
            "echo 'open",
            "close'",
            "cat <<EOF",
            "EOF",
            "if [ -f x ]; then",
            "fi",
            "for i in 1 2; do",
            "done",
            "X=$(cat y",
            ")",
            "# Expected: 0",
            "# a comment",
            "",
            "f() {",
            "}",
            "case x in a) ;; esac",
        ]
    ),
    max_size=15,
)


@settings(max_examples=200)
@given(SHELL)
def test_splitting_a_block_loses_no_text(body: list[str]):
    commands = shell.split(body, 1)
    inside = "\n".join(c.text for c in commands)
    assert bare(inside) == bare("\n".join(body))
    lines = [n for c in commands for n in range(c.line, c.end + 1)]
    assert lines == sorted(set(lines))


@given(st.text())
def test_text_that_is_utf8_loses_nothing_but_line_ends(text: str):
    text = text.replace("\r", "").removeprefix("\ufeff")
    found = decode(text.encode(errors="surrogatepass"))
    assert found.repaired or found.replaced or "\n".join(found.lines) == text


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("charset", ["mac_roman", "cp1252", "cp1254"])
def test_damage_is_undone_whatever_the_character_set(charset: str, times: int):
    text = "done ✅ – é"
    mangled = text
    for _ in range(times):
        mangled = "".join(
            bytes([b]).decode(charset, errors="ignore") or chr(b)
            for b in mangled.encode()
        )
    assert decode(mangled.encode()).lines == (text,)


def test_an_emoji_whose_first_mangled_character_was_dropped_is_found():
    assert decode("In Progress üîÑ ‚úÖ".encode()).lines == ("In Progress 🔄 ✅",)


@given(
    st.lists(st.text("abc/.0123-md", min_size=1, max_size=12)),
    st.text("abc/", max_size=5),
)
def test_what_is_chosen_is_among_the_candidates(paths: list[str], given_: str):
    choice = choose(paths, given_)
    prefix = f"{choice.root}/" if choice.root else ""
    assert all(prefix + path in paths for path in choice.paths)
