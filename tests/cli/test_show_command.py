"""What ``weighlock show`` prints."""

import json
from pathlib import Path

from click.testing import CliRunner

from weighlock.cli import cli
from weighlock.cli.context import Globals

PLANS = Path(__file__).parents[1] / "data/plans"
PHASE = {
    "key", "title", "kind", "verifies", "needs", "needs_from", "group", "owner",
    "skills", "estimate", "status", "status_text", "blast_radius", "requirements",
    "files", "commands", "criteria", "source",
}  # fmt: skip


def show(*arguments: str):
    return CliRunner().invoke(cli, ["show", *arguments], obj=Globals())


def test_json_has_exactly_the_fields_of_the_schema():
    document = json.loads(show("--json", str(PLANS / "lantern")).stdout)
    assert document["schema"] == "weighlock/plan/1"
    assert set(document) == {
        "schema", "plan", "phases", "requirements", "tracker", "problems", "understood",
    }  # fmt: skip
    assert set(document["plan"]) == {
        "id", "title", "dialect", "path", "status", "files",
    }  # fmt: skip
    assert all(set(phase) == PHASE for phase in document["phases"])
    command = document["phases"][1]["commands"][2]
    assert command["expect"] == {"form": "min", "value": 2}
    assert set(command) == {"text", "file", "line", "expect"}
    assert set(document["phases"][1]["source"]) == {"file", "line", "end_line"}
    assert set(document["tracker"][0]) == {"key", "status", "status_text", "source"}


def test_several_plans_are_one_line_each():
    result = show(str(PLANS / "lantern"), str(PLANS / "harbour.md"), "--json")
    titles = [json.loads(x)["plan"]["title"] for x in result.stdout.splitlines()]
    assert titles == ["Plan: Lantern", "Harbour"]


def test_people_see_one_line_per_phase_and_what_was_wrong():
    text = show(str(PLANS / "mangled-execution-plan.md")).stdout
    assert "Ferry" in text
    assert "02  impl  Engine" in text
    assert "needs 01 · in progress" in text
    assert "glyphs were mangled" in text


def test_the_dialect_can_be_forced():
    result = show("--dialect", "free", "--json", str(PLANS / "harbour.md"))
    assert len(json.loads(result.stdout)["phases"]) == 1


def test_lines_say_place_by_place_what_was_read(tmp_path: Path):
    plan = tmp_path / "p.md"
    plan.write_text(
        "# P\n\n- REQ-1: It sings.\n\n## Phase 1: Ink\n\n**Files to create:**\n"
        "- `a.txt`\n\n```bash\ngrep -c a a.txt\n# Expected: 2+\n```\n\n"
        "- [ ] it is blue\n"
    )
    assert show("--lines", str(plan)).stdout.splitlines() == [
        f"{plan}:3  requirement REQ-1",
        f"{plan}:5  phase 01 impl Ink · 1 file · 1 command",
        f"{plan}:8  create a.txt",
        f"{plan}:11  run grep -c a a.txt → min 2",
        f"{plan}:15  criterion it is blue",
    ]
