"""docs/reference/json.md lists the fields that the program really prints."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/json.md"

RICH = """\
# Plan: Rich

**REQ-1** The letter says hello.

| Phase | Title | Status |
|---|---|---|
| 1 | Words | Pending |

## Phase 1: Words

**Requirements:** REQ-1

**Files to create:**
- `words.txt`

**Acceptance criteria:**
- [ ] `words.txt` exists

```bash
grep -c hello words.txt | wc -l
```

## Phase 3: Gap
"""

BUCKETS = """\
[providers.p]
protocol = "gemini"
base_url = "https://p.example"

[[buckets]]
id = "b"
provider = "p"
key_env = "A_KEY_THAT_IS_NOT_SET"
"""

CALLS = [
    ("weighlock/plan/1", "show rich.md"),
    ("weighlock/problems/1", "lint rich.md"),
    ("weighlock/explain/1", "explain WL402 not-red"),
    (
        "weighlock/verdict/1",
        "verify docs/plan.md --phase 3 --head weighlock/plan-greeting",
    ),
    ("weighlock/attested/1", "attest 1 -o it.jsonl"),
    ("weighlock/attestation/1", "verify-attestation it.jsonl --unsigned"),
    ("weighlock/run/1", "run docs/plan.md"),
    ("weighlock/dry-run/1", "run docs/plan.md --dry-run"),
    ("weighlock/status/1", "status"),
    ("(no schema)", "why 4"),
    ("weighlock/runs/1", "runs"),
    ("weighlock/tracker/1", "tracker"),
    ("weighlock/written/1", "tracker --write"),
    ("weighlock/graph/1", "graph docs/plan.md"),
    ("weighlock/trace/1", "trace docs/plan.md"),
    ("weighlock/log/1", "logs 1"),
    ("weighlock/diff/1", "diff 1"),
    ("weighlock/request/1", "waive 3 --reason no"),
    ("weighlock/restore/1", "restore 1"),
    ("weighlock/doctor/1", "doctor"),
    ("weighlock/config/1", "config show"),
    ("weighlock/buckets/1", "bucket list --config buckets.toml"),
    ("weighlock/tried/1", "bucket test --config buckets.toml"),
    ("weighlock/import/1", "import rich.md --name kept"),
    ("weighlock/new/1", "new spec.md --name fresh"),
    ("weighlock/error/1", "why 99"),
]


def listed() -> dict[str, set[str]]:
    """Return what the page's tables list: schema → paths of fields."""
    found: dict[str, set[str]] = {}
    schema = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        head = re.match(r"\| (?:`(weighlock/[\w/-]+)`|(\(no schema\)))", line)
        if head:
            schema = head[1] or head[2]
            found[schema] = set()
        elif line.startswith("| `") and schema:
            found[schema] |= set(re.findall(r"`([^`]+)`", line.split(" | ")[0]))
        elif not line.startswith("|"):
            schema = ""
    return found


def paths(value: object, path: str = "") -> Iterator[str]:
    """Yield the path of everything that is not itself an object."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(v, dict) for v in value):
        yield path
        for inner in value:
            yield from paths(inner, f"{path}[]")
    else:
        yield path


def covers(wanted: str, real: str) -> bool:
    """Compare paths; ``<name>`` stands for any name and what is below it."""
    pattern = re.sub(r"\\?<\w+\\?>", "\0", wanted)
    return bool(re.fullmatch(re.escape(pattern).replace("\0", r"\w[\w.\[\]-]*"), real))


@pytest.fixture(scope="module")
def documents(prepare: Callable) -> dict[str, dict[str, object]]:
    place = prepare("stuck")
    place.root.joinpath("rich.md").write_text(RICH, encoding="utf-8")
    place.root.joinpath("spec.md").write_text("# S\n\n- REQ-1 It says hello\n")
    place.root.joinpath("buckets.toml").write_text(BUCKETS, encoding="utf-8")
    found: dict[str, dict[str, object]] = {}
    for schema, call in CALLS:
        said = place.inside(*call.split(), "--json")
        assert said, f"{call} says nothing"
        found[schema] = json.loads(said.splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("schema", [schema for schema, _ in CALLS])
def test_every_field_that_is_printed_is_on_the_page_and_the_other_way_round(
    schema: str, documents: dict[str, dict[str, object]]
) -> None:
    document = documents[schema]
    assert document.get("schema", "(no schema)") == schema
    real = set(paths(document)) - {"schema"}
    told = listed()[schema]
    unlisted = {r for r in real if not any(covers(t, r) for t in told)}
    gone = {t for t in told if not _there(t, real)}
    assert (unlisted - {r for r in real if _nothing(r, told)}, gone) == (set(), set())


def _there(told: str, real: set[str]) -> bool:
    """Say whether a field is printed, or stands in something that is empty here."""
    if any(covers(told, r) or r.startswith((f"{told}[]", f"{told}.")) for r in real):
        return True
    parts = re.split(r"(?=\[\]|\.)", told)
    above = {"".join(parts[:n]) for n in range(1, len(parts))} & real
    return any(not _filled(a, real) for a in above)


def _filled(path: str, real: set[str]) -> bool:
    return any(r.startswith((f"{path}[]", f"{path}.")) for r in real)


def _nothing(real: str, told: set[str]) -> bool:
    """Say whether a null or empty thing stands for listed fields below it."""
    return any(t.startswith((f"{real}.", f"{real}[]")) for t in told)


def test_every_schema_of_the_page_is_printed_here() -> None:
    assert set(listed()) == {schema for schema, _ in CALLS}
