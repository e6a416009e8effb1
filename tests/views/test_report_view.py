import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from weighlock.run import events as ev
from weighlock.run.evidence import TestChange, TestCounts
from weighlock.views import graph, report
from weighlock.views.report.blocks import Para, Said, Span, Table
from weighlock.views.report.lessons import lessons
from weighlock.views.report.mark import mark
from weighlock.views.report.page import page
from weighlock.views.state import words

VOID = {"meta", "rect", "line", "circle", "path", "br"}


class Reader(HTMLParser):
    """Reads a page; knows what is open, what was linked, what was shown."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.tags = [], [], set()
        self.ids, self.links, self.shown, self.loads = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
            if name in {"src", "srcset", "data", "action"} or name.startswith("on"):
                self.loads.append((tag, name, value))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.shown.append(data)

    @property
    def text(self):
        return "".join(self.shown)


def material(story, **more):
    facts = {
        "plan": story.plan,
        "state": story.state,
        "events": tuple(story.events),
        "verdict": story.verdict,
        "now": story.at + 840,
        "head": "ab" * 32,
        "version": "0.1.0",
        "graph": graph.svg(story.plan, words(story.plan, story.state)),
        "alive": True,
    }
    return report.Material(**(facts | more))


def written(story, **more):
    return Reader(report.html(material(story, **more)))


def test_the_page_says_first_what_passed_and_on_what_evidence(story):
    text = written(story).text
    assert (
        "The run is under way. 6 of 12 phases passed, 1 was waived by a person, "
        "2 need a person. What passed rests on 24 checks that weighlock ran itself"
    ) in text
    assert "3 times an agent claimed what was not there." in text


def test_the_page_is_well_formed_and_every_link_has_its_place(story):
    found = written(story)
    assert (found.open, found.wrong) == ([], [])
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_the_page_loads_nothing_and_runs_nothing(story):
    html = report.html(material(story))
    found = Reader(html)
    assert found.loads == []
    assert not found.tags & {"script", "link", "iframe", "object", "img", "form"}
    assert "default-src 'none'" in html
    assert "url(http" not in html
    assert "@import" not in html


def test_what_an_agent_says_is_shown_and_never_obeyed(story):
    found = written(story)
    assert "<script>alert(1)</script>\\x1b[31m done & dusted" in found.text
    assert "script" not in found.tags


def test_hostile_names_of_a_plan_stay_words(story):
    evil = '"><img src=x onerror=alert(1)>\u202e'
    plan = story.plan
    phases = tuple(replace(p, title=evil, owner=evil) for p in plan.phases)
    story.plan = replace(plan, title=evil, phases=phases)
    found = written(story, graph="")
    assert "img" not in found.tags
    assert found.loads == []
    assert "\u202e" not in found.text
    assert (found.open, found.wrong) == ([], [])


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_no_text_whatever_becomes_markup(text):
    blocks = (
        Para((text, Span(text, "code"), Span(text, "phantom"))),
        Said(text),
        Table(columns=("a", "b"), rows=(((text,), (Span(text, "code"),)),), label=text),
    )
    found = Reader(page(text, blocks))
    plain = Reader(page("x", (Para(("x", Span("x", "code"), Span("x", "phantom"))),)))
    assert (found.open, found.wrong) == ([], [])
    more = {"blockquote", "div", "table", "thead", "tbody", "tr", "th", "td"}
    assert found.tags <= plain.tags | more
    tokens = (
        MarkdownIt("commonmark", {"html": True}).enable("table").parse(mark(blocks))
    )
    kinds = {t.type for t in tokens} | {
        c.type for t in tokens for c in t.children or ()
    }
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "heading_open",
    }
    assert sum(t.type == "td_open" for t in tokens) == 2


@pytest.mark.parametrize("form", [report.html, report.markdown])
def test_claim_and_verdict_stand_side_by_side_and_a_contradiction_has_its_word(
    story, form
):
    text = form(material(story))
    text = Reader(text).text if form is report.html else text
    start = text.index("The agent said (attempt 1)")
    part = text[text.index("COMPLETE", start - 200) :][:500]
    assert "We found (attempt 1)" in part
    assert "src/failover.ts was to be changed and is as it was" in part
    assert "phantom" in part


@pytest.mark.parametrize("form", [report.html, report.markdown])
def test_nothing_of_the_record_is_missing(story, form):
    text = form(material(story))
    text = Reader(text).text if form is report.html else text.replace("\\", "")
    for said in (
        "npx vitest run --reporter=junit",
        "src/failover.ts:88",
        "no evidence",
        "no phase serves it",
        "ships in 2.1, see #1601",
        "typo mended, fine",
        "approved by maria: typo mended, fine",
        "split the phase into smaller ones",
        "git branch -f weighlock/oauth-failover",
        "weighlock restore P03a --run 20261121-7f3a",
        "eslint: 3 warnings at base",
        "ab" * 32,
        "effect: 2 of 2 planned files changed",
        "To prevent it, name in the phase which files must differ afterwards.",
        "Not begun",
        "8 added",
    ):
        assert said in text, said
    for key in story.state.order:
        assert (f"P{key}" if key != "0.5" else key) in text


def test_a_rollback_goes_to_the_commit_before_the_phase_on_our_branch_only(story):
    text = report.markdown(material(story))
    commits = dict(story.state.checkpoints)
    row = next(line for line in text.splitlines() if "restore 0.5" in line)
    assert commits["03"][:12] in row
    assert f"git branch -f weighlock/oauth-failover {commits['0.5'][:12]}" in row
    moved = re.findall(r"git (?:branch|reset|checkout|push|update-ref)[^`\n]*", text)
    assert all("weighlock/oauth-failover" in command for command in moved)
    assert not re.search(r"git (?:reset|checkout|push|clean)", text)


def test_the_first_phase_is_undone_to_the_base(blank):
    blank.passed("0.5", 1)
    text = report.markdown(material(blank))
    assert "git branch -f weighlock/oauth-failover 1f3a9c0e7d1f" in text
    assert "`weighlock restore --run 20261121-7f3a`" in text


def test_lost_evidence_is_said_loudly(story):
    story.verdicts.clear()
    text = written(story).text
    assert "The evidence of 6 phases is missing." in text
    assert "The stored verdict is missing; weighlock cannot vouch for this" in text


def test_the_final_gate_is_shown_with_its_checks(story):
    story.judge("09", 1, "pass", "all green")
    last = story.events[-1]
    story.tell(
        ev.PlanJudged,
        verdict="pass",
        codes=(),
        summary="7 of 7 requirements covered",
        evidence=last.evidence,
        commit="c0ffee" * 6,
    )
    text = written(story).text
    assert "pass: 7 of 7 requirements covered. At commit c0ffeec0ffee" in text


def test_every_prefix_of_a_journal_can_be_reported(story):
    for number in range(0, len(story.events) + 1, 3):
        part = replace(story, events=story.events[:number])
        found = Reader(report.html(material(part, graph="")))
        assert (found.open, found.wrong) == ([], [])
        assert report.markdown(material(part)).startswith("# OAuth failover")


def test_forty_phases_stay_under_half_a_megabyte(chain):
    s = chain(40)
    for number in range(1, 41):
        key = f"{number:02}"
        s.start(key)
        s.work(key, 1, 5, claim="x" * 20_000)
        s.judge(key, 1, "fail", "nothing was changed")
        s.start(key, 2)
        s.work(key, 2, 5, claim="y" * 20_000)
        s.judge(key, 2, "pass", "done")
        s.land(key, 2)
    html = report.html(material(s))
    assert len(html.encode()) < 500_000
    assert "18000 more characters in the log" in html


def test_only_a_phase_that_deserves_attention_stands_open(story):
    html = report.html(material(story))
    state = dict(re.findall(r'<details id="phase-(\w+(?:-\w+)?)"[^>]*?( open)?>', html))
    assert state["03"] == " open"
    assert state["07"] == " open"
    assert state["04"] == ""


def test_markdown_is_plain_tables_and_headings(story):
    text = report.markdown(material(story))
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    kinds = [t.type for t in tokens]
    assert kinds.count("table_open") > 10
    assert "html_block" not in kinds
    assert "| Phase | State | Kind |" in text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "# COMPLETE",
        "- done",
        "1. done",
        "> quoted",
        "a | b || c",
        "`code` and ``` fences",
        "[passed](https://example.org) ![x](y)",
        "*strong* __strong__ ~~gone~~",
        "&lt;b&gt; &amp;",
        "back\\slash \\| end\\",
        "---",
        "+ x = y",
        "<!-- hidden -->",
    ],
)
def test_markdown_shows_foreign_words_as_they_were_written(text):
    block = Table(
        columns=("a", "b"), rows=(((text,), (Span(text, "code"),)),), label=""
    )
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for blocks in ((Para((text,)),), (Said(text),), (block,)):
        html = reader.render(mark(blocks))
        found = Reader(html)
        assert not found.tags & {
            "script",
            "h1",
            "ul",
            "ol",
            "a",
            "img",
            "hr",
            "em",
            "del",
        }
        lines = [line for line in found.text.splitlines() if line not in {"", "a", "b"}]
        assert set(lines) == {text}


def test_long_lists_of_tests_are_counted_not_cut_silently(blank):
    blank.start("0.5")
    blank.work("0.5", 1, 1)
    many = TestChange(
        runner="pytest",
        before=TestCounts(),
        after=TestCounts(passed=35),
        added=tuple(f"test_{i}" for i in range(35)),
    )
    blank.judge("0.5", 1, "pass", "done", tests=many)
    text = written(blank).text
    assert "35 added: test_0, " in text
    assert ", and 5 more" in text


def test_a_blocking_issue_is_resolved_only_by_what_happened_later(story):
    text = report.markdown(material(story)).replace("\\", "")
    table = text[text.index("## Blocking issues") : text.index("## Remediations")]
    ends = [line.rsplit("|", 2)[1].strip() for line in table.splitlines()[4:-1] if line]
    assert ends == ["yes", "yes", "**no**", "**no**"]


def test_a_lesson_names_only_what_was_wrong_and_then_right(story):
    found = lessons(material(story))
    assert [(x.phase, x.codes, x.outcome) for x in found] == [
        ("03", ("no-change",), "pass"),
        ("05", ("tests-fail",), "review"),
    ]
    assert found[0].actions == "effect: 2 of 2 planned files changed"
    assert found[0].phantom
    assert found[1].actions == "tests: 49 passed"
