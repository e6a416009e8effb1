from weighlock.plan.model import Phase, Plan, Span
from weighlock.views.tracker import Line, table

SPAN = Span(file="p.md", line=1)
PLAN = Plan(
    id="X",
    title="X",
    dialect="phase-directory",
    path="x",
    phases=(
        Phase(key="03", title="Stub", id="PLAN-X.P03", source=SPAN),
        Phase(key="03a", title="Stub a|b", kind="verification", source=SPAN),
    ),
)


def test_the_table_has_the_columns_of_a_tracker_and_a_row_per_phase():
    drawn = table(
        PLAN,
        {
            "03": Line(
                status="passed",
                started="2026-11-20T09:00:00Z",
                completed="2026-11-21T10:00:00Z",
                verified=True,
            )
        },
    ).splitlines()
    cells = [[c.strip() for c in line.strip("|").split(" | ")] for line in drawn]
    assert cells[0][3:8] == ["Status", "Started", "Completed", "Verified", "Semantic"]
    assert cells[2][:7] == [
        "03",
        "P03",
        "Stub",
        "✓ passed",
        "2026-11-20",
        "2026-11-21",
        "✓",
    ]
    assert cells[3][3] == "· pending"


def test_a_bar_in_a_title_does_not_make_a_column():
    assert "Stub a\\|b" in table(PLAN, {})


def test_all_lines_are_equally_long():
    drawn = table(PLAN, {"03": Line(status="failed", note="集成")}).splitlines()
    assert len({len(line) for line in drawn[:2] + drawn[3:]}) == 1
