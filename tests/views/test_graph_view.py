import re
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan import order
from weighlock.plan.model import Phase, Plan, Span
from weighlock.views import graph, layout, rails, svg
from weighlock.views.signs import SIGNS, sign

NAME = "{http://www.w3.org/2000/svg}"


def phase(key: str, *needs: str, title: str = "Do the work", **more: str) -> Phase:
    span = Span(file="p.md", line=1)
    return Phase(key=key, title=title, needs=needs, source=span, **more)  # type: ignore[arg-type]


def parsed(drawn: str) -> ET.Element:
    return ET.fromstring(drawn)  # noqa: S314 - a picture that we drew ourselves


def plan(*phases: Phase) -> Plan:
    return Plan(id="x", title="X", dialect="free", path="p.md", phases=phases)


DIAMOND = plan(
    phase("01"), phase("02", "01"), phase("03", "01"), phase("04", "02", "03")
)


def test_the_picture_is_one_document_without_outside_parts():
    drawn = graph.svg(DIAMOND)
    parsed(drawn)
    assert "http" not in drawn.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "<script" not in drawn


def test_every_phase_has_a_box_with_key_title_and_full_words_on_hover():
    drawn = parsed(graph.svg(DIAMOND))
    told = [t.text for t in drawn.iter(f"{NAME}title")]
    assert "04 Do the work; needs 02, 03" in told
    assert len(told) == 4


def test_a_state_is_a_word_and_a_sign_not_a_colour_alone():
    drawn = graph.svg(DIAMOND, {"01": "passed", "02": "failed"})
    assert "✓ passed" in drawn
    assert "✗ failed" in drawn
    assert sign("passed").color in drawn


def test_a_dark_ground_has_colours_of_its_own():
    assert "prefers-color-scheme:dark" in graph.svg(DIAMOND)


def test_markup_and_control_characters_in_titles_are_harmless():
    drawn = graph.svg(plan(phase("01", title='<b> & "q" \x00\x1b[31m')))
    parsed(drawn)
    assert "<b>" not in drawn


def test_titles_are_cut_so_that_they_fit_their_boxes():
    drawn = parsed(graph.svg(plan(phase("01", title="W" * 200))))
    words = [t for t in drawn.iter(f"{NAME}text") if (t.text or "").startswith("W")]
    assert words
    for line in words:
        assert svg.text_width(line.text or "", 12) <= 212
        assert (line.text or "").endswith("…")


def test_a_need_that_closes_a_circle_is_drawn_dashed():
    drawn = graph.svg(plan(phase("01", "02"), phase("02", "01")))
    assert drawn.count("closes a cycle") == 1


def test_an_empty_plan_is_a_picture_too():
    parsed(graph.svg(plan()))
    assert rails.draw(plan()) == "no phases\n"


def test_a_long_chain_is_folded_into_columns():
    chain = [phase("000"), *(phase(f"{n:03}", f"{n - 1:03}") for n in range(1, 40))]
    root = parsed(graph.svg(plan(*chain)))
    assert 0.3 < float(root.get("width", 0)) / float(root.get("height", 1)) < 3


def test_text_draws_one_line_per_phase_needs_first():
    assert rails.draw(DIAMOND, {"01": "passed"}).splitlines() == [
        "✓    01   Do the work  [passed]",
        "├─╮",
        "│ o  02   Do the work",
        "o │  03   Do the work",
        "├─╯",
        "o    04   Do the work",
    ]


def test_phases_that_need_nothing_do_not_look_like_followers():
    drawn = rails.draw(plan(phase("01"), phase("02")))
    assert drawn.splitlines() == ["o  01   Do the work", "", "o  02   Do the work"]


def test_plain_text_is_ascii():
    drawn = rails.draw(DIAMOND, dict.fromkeys(("01", "02"), "running"), glyphs=False)
    assert drawn.isascii()
    assert "> " in drawn


def test_text_names_a_circle():
    drawn = rails.draw(plan(phase("01", "02"), phase("02", "01")))
    assert "cycle: 01 needs 02 needs 01" in drawn


def test_mermaid_and_dot_quote_what_would_break_them():
    odd = plan(phase("01", title='say "no" # `x` \\'))
    assert "[\"01 say #quot;no#quot; #35; 'x' \\\"]" in graph.mermaid(odd)
    assert '[label="01 say \\"no\\" # `x` \\\\"];' in graph.dot(odd)


def test_mermaid_shows_states_as_words():
    drawn = graph.mermaid(DIAMOND, {"01": "timed_out"})
    assert "timeout" in drawn
    assert "classDef timedout" in drawn


def test_data_holds_every_need_also_those_that_others_imply():
    document = graph.data(plan(phase("01"), phase("02", "01"), phase("03", "01", "02")))
    assert {"from": "01", "to": "03", "stated": False} in document["edges"]  # type: ignore[operator]


def test_every_sign_has_a_word_and_one_ascii_character():
    assert all(
        s.word and len(s.plain) == 1 and s.plain.isascii() for s in SIGNS.values()
    )
    assert sign("unheard of").word == "unheard of"


def numbered(rows: list[list[int]]) -> dict[str, tuple[str, ...]]:
    return {
        str(i): tuple({str(n % i) for n in row}) if i else ()
        for i, row in enumerate(rows)
    }


GRAPHS = st.lists(st.lists(st.integers(0, 30), max_size=4), max_size=25).map(numbered)


@settings(max_examples=60, deadline=None)
@given(GRAPHS)
def test_law_no_two_boxes_overlap_and_all_lie_inside(needs: dict[str, tuple[str, ...]]):
    box = layout.Box(width=200, height=50)
    drawn = layout.arrange(order.reduced(needs), box)
    corners = list(drawn.places.values())
    assert set(drawn.places) == set(needs)
    for at, (x, y) in enumerate(corners):
        assert x >= 0
        assert y >= 0
        assert x + 200 <= drawn.width
        assert y + 50 <= drawn.height
        for other_x, other_y in corners[:at]:
            assert abs(x - other_x) >= 200 or abs(y - other_y) >= 50


@settings(max_examples=60, deadline=None)
@given(GRAPHS)
def test_law_text_names_every_phase_once_after_its_needs(
    needs: dict[str, tuple[str, ...]],
):
    named = {f"{int(k):03}": [f"{int(n):03}" for n in v] for k, v in needs.items()}
    drawn = rails.draw(plan(*(phase(k, *v) for k, v in named.items())))
    keys = re.findall(r"(\d{3}) +Do the work", drawn)
    assert sorted(keys) == sorted(named)
    place = {key: i for i, key in enumerate(keys)}
    assert all(place[n] < place[k] for k, before in named.items() for n in before)
