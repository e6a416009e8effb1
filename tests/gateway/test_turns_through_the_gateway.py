"""An agent's turn, judged by what the gateway saw; budgets; waits that are too long."""

import asyncio
import json
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from gateway_dialects import DIALECTS, error
from gateway_tests import (
    CANARY,
    Leaping,
    fails_inside,
    says,
    serves,
    settings,
    tables,
    upstream,
)

from weighlock.agents.acp import AcpAgent
from weighlock.agents.command import CommandAgent
from weighlock.agents.reach import reach
from weighlock.cli.metered.agent import Metered
from weighlock.cli.metered.exchange import Exchange
from weighlock.cli.metered.through import through
from weighlock.config import AgentSettings
from weighlock.gateway import Account, Budget, Grant, Spent
from weighlock.gateway.meter.budget import Limits
from weighlock.gateway.meter.spent import Meter
from weighlock.gateway.wire import Tokens
from weighlock.ports import Order, Outcome, Room

NAME = "anthropic"
DIALECT = DIALECTS[NAME]


@dataclass
class Caller:
    """An agent that makes some model calls and then says that all is well."""

    calls: int = 1
    url: str = ""
    token: str = ""
    ending: str = "ended"
    waits: bool = False
    name: str = "caller"
    heard: list = field(default_factory=list)

    def available(self):
        return None

    async def work(self, _order, _watch):
        for _ in range(self.calls):
            self.heard.append(await asyncio.to_thread(self.call))
        if self.waits:
            await asyncio.sleep(3600)
        return Outcome(ending=self.ending, said="all done")

    def call(self):
        path, body = DIALECT.request(stream=False)
        asked = urllib.request.Request(  # noqa: S310 - the gateway's own address
            self.url + path, body, {"x-api-key": self.token}
        )
        try:
            with urllib.request.urlopen(asked, timeout=40) as answer:  # noqa: S310
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code


@dataclass
class Asked:
    """A watch that answers what it is asked."""

    answers: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def spawned(self, pid, started):
        pass

    def activity(self, what):
        pass

    async def ask(self, question):
        self.questions.append(question)
        return self.answers.pop(0)


def order(folder):
    room = Room(phase="03", attempt=2, path=folder, base="0" * 40)
    return Order(
        phase="03",
        attempt=2,
        session=1,
        prompt="do it",
        room=room,
        log=folder / "log",
        home=folder / "home",
        deadline_s=600.0,
        idle_s=60.0,
        owner="Dev",
    )


def turn(folder, caller, *answers, watch=None, must_call=True, attempts=1, **budget):
    """Let an agent work through an exchange with one bucket."""

    async def scene():
        clock = Leaping()
        async with upstream(DIALECT, clock, a=list(answers)) as up:
            config = {**tables(NAME, {"a": up.url}), "budget": budget}
            key = folder / "key"
            key.write_text(CANARY.format("a"))
            del config["buckets"][0]["key_env"]
            config["buckets"][0]["key_file"] = str(key)
            exchange = Exchange(
                settings=settings(config, folder),
                run="r1",
                ledger=folder / "spending.jsonl",
                clock=clock,
                say=print,
                state=folder / "state",
            )

            def dress(url, token):
                caller.url, caller.token = url, token
                return caller

            agent = Metered(
                agent=caller,
                exchange=exchange,
                wires=frozenset({NAME}),
                dress=dress,
                must_call=must_call,
            )
            async with exchange.open():
                for _ in range(attempts):
                    outcome = await agent.work(order(folder), watch or Asked())
                late = await asyncio.to_thread(caller.call)
        return outcome, late

    return asyncio.run(scene())


def test_a_turn_whose_calls_were_answered_ended_as_the_agent_says(tmp_path):
    outcome, late = turn(tmp_path, Caller(calls=2), serves(DIALECT))
    assert (outcome.ending, outcome.said) == ("ended", "all done")
    (counted,) = outcome.facts
    assert (counted.phase, counted.attempt, counted.role) == ("03", 2, "Dev")
    assert (counted.bucket, counted.requests, counted.output) == ("a", 2, 120)
    assert (counted.cost, counted.unpriced) == (None, 2)
    assert late == 401


def test_a_turn_whose_last_call_failed_has_failed_whatever_the_agent_says(tmp_path):
    outcome, _ = turn(tmp_path, Caller(calls=2), serves(DIALECT), says(DIALECT, 400))
    assert outcome.ending == "crashed"
    assert "400" in outcome.detail


def test_a_turn_whose_last_answer_held_an_error_has_failed_too(tmp_path):
    refused = error(DIALECT, 400, message="not this")
    outcome, _ = turn(tmp_path, Caller(), fails_inside(DIALECT, refused))
    assert outcome.ending == "crashed"
    assert "not whole" in outcome.detail


def test_a_turn_without_any_call_has_failed_where_it_needs_a_model(tmp_path):
    outcome, _ = turn(tmp_path, Caller(calls=0), serves(DIALECT))
    assert (outcome.ending, outcome.detail) == ("crashed", "it asked no model")
    (tmp_path / "2").mkdir()
    program, _ = turn(tmp_path / "2", Caller(calls=0), serves(DIALECT), must_call=False)
    assert program.ending == "ended"


@pytest.mark.parametrize("ending", ["ended", "crashed", "idle", "unavailable"])
def test_a_turn_without_a_bucket_is_parked_until_the_earliest_reset(ending, tmp_path):
    refusal = says(DIALECT, 429, retry_after="100")
    outcome, _ = turn(tmp_path, Caller(ending=ending), refusal)
    assert outcome.ending == "parked"
    assert outcome.until == Leaping().at + 100
    assert "a quota-exhausted / quota" in outcome.detail
    left = outcome.facts[-1]
    assert (left.kind, left.bucket, left.reason) == (
        "bucket-left",
        "a",
        "quota-exhausted",
    )


def test_a_bucket_that_still_rests_keeps_the_reason_why(tmp_path):
    refusal = says(DIALECT, 429, retry_after="100")
    outcome, _ = turn(tmp_path, Caller(calls=3), refusal)
    assert [f.detail for f in outcome.facts if f.kind == "bucket-left"] == ["quota"]


def test_an_agent_that_would_wait_for_hours_is_ended_and_parked(tmp_path):
    refusal = says(DIALECT, 429, retry_after="7200")
    outcome, _ = turn(tmp_path, Caller(waits=True), refusal)
    assert outcome.ending == "parked"
    assert outcome.until == Leaping().at + 7200


def test_a_dead_key_is_a_persons_matter_and_not_a_wait(tmp_path):
    outcome, _ = turn(tmp_path, Caller(), says(DIALECT, 401))
    assert outcome.ending == "unavailable"
    assert "rejected-key" in outcome.detail


def test_a_spent_budget_asks_and_goes_on_with_what_was_given(tmp_path):
    watch = Asked(["1000"])
    caller = Caller(calls=2)
    outcome, _ = turn(tmp_path, caller, serves(DIALECT), watch=watch, tokens=100)
    assert caller.heard.count(200) == 3
    assert "the budget of 100 tokens is spent" in watch.questions[0]
    assert outcome.ending == "ended"
    assert sum(f.requests for f in outcome.facts if f.kind == "calls-counted") == 3


def test_a_spent_budget_ends_the_turn_when_nothing_more_is_given(tmp_path):
    watch = Asked(["no"])
    outcome, _ = turn(
        tmp_path, Caller(calls=2), serves(DIALECT), watch=watch, tokens=100
    )
    assert (outcome.ending, len(watch.questions)) == ("cancelled", 1)


def test_whoever_gave_no_more_is_not_asked_again_until_the_phase_is_retried(tmp_path):
    refused, retried = Asked(["no"]), Asked(["no", "no"])
    given = {"must_call": False, "tokens": 100}
    outcome, _ = turn(
        tmp_path, Caller(calls=2), serves(DIALECT), watch=refused, attempts=2, **given
    )
    assert (outcome.ending, len(refused.questions)) == ("declined", 1)
    assert "the budget of 100 tokens is spent" in outcome.detail
    more = tmp_path / "2"
    more.mkdir()
    turn(more, Caller(calls=2), serves(DIALECT), watch=retried, attempts=3, **given)
    assert len(retried.questions) == 2


def test_a_phase_has_a_budget_of_its_own_beside_the_runs(tmp_path):
    watch = Asked(["1000"])
    caller = Caller(calls=2)
    outcome, _ = turn(
        tmp_path, caller, serves(DIALECT), watch=watch, tokens=9999, phase_tokens=100
    )
    assert "the budget of 100 tokens is spent (of the phase)" in watch.questions[0]
    assert (caller.heard.count(200), outcome.ending) == (3, "ended")


def test_what_one_phase_spent_is_no_other_phases():
    limits, meter = Limits(), Meter()
    for phase in ("03", "04"):
        limits.put(Budget(tokens=100), {"run": "r", "phase": phase})
    meter.add(Account(run="r", phase="03"), Spent(tokens=Tokens(output=100)))
    spent, other = (Grant(run="r", phase=p) for p in ("03", "04"))
    assert limits.reached(spent, meter, priced=True)
    assert limits.reached(other, meter, priced=True) is None


def test_a_budget_in_money_does_not_let_an_unknown_price_through(tmp_path):
    watch = Asked(["yes"])
    caller = Caller(calls=1)
    outcome, _ = turn(tmp_path, caller, serves(DIALECT), watch=watch, money=5.0)
    assert caller.heard.count(200) == 1
    assert "price is not known" in watch.questions[0]
    assert outcome.ending == "ended"


WIRED = {
    "claude": ("anthropic", {"ANTHROPIC_AUTH_TOKEN", "ENABLE_TOOL_SEARCH"}),
    "codex": ("openai-responses", {"OPENAI_BASE_URL", "OPENAI_API_KEY"}),
    "opencode": ("openai-chat", {"OPENAI_BASE_URL", "OPENAI_API_KEY"}),
    "gemini": ("gemini", {"GOOGLE_GEMINI_BASE_URL", "GEMINI_API_KEY"}),
    "qwen": ("openai-chat", {"OPENAI_BASE_URL"}),
    "copilot": ("openai-chat", {"COPILOT_PROVIDER_BASE_URL"}),
}


@pytest.mark.parametrize("profile", WIRED)
def test_an_agent_is_pointed_at_the_gateway_when_its_protocol_has_a_bucket(profile):
    wire, names = WIRED[profile]
    plain = AgentSettings(name=profile, profile=profile)
    found = reach(plain, [wire])
    assert found.wire == wire
    assert names <= set(found.variables)
    others = {"anthropic", "openai-chat", "openai-responses", "gemini"} - {wire}
    assert reach(plain, others) is None


def test_what_a_person_says_about_an_agents_models_comes_first():
    mine = {"ANTHROPIC_API_KEY": "k"}
    own = AgentSettings(name="claude", profile="claude", env=mine)
    login = AgentSettings(name="claude", profile="claude", login=Path("/x"))
    search = {"ENABLE_TOOL_SEARCH": "false"}
    other = AgentSettings(name="claude", profile="claude", env=search)
    found = [reach(one, ["anthropic"]) for one in (own, login, other)]
    assert [one is not None for one in found] == [False, False, True]


def test_programs_and_profiles_go_through_it_and_people_do_not(tmp_path):
    exchange = Exchange(
        settings=settings(tables(NAME, {"a": "http://127.0.0.1:9"}), tmp_path),
        run="r1",
        ledger=tmp_path / "l",
        clock=Leaping(),
        say=print,
    )
    claude = AcpAgent(settings=AgentSettings(name="claude", profile="claude"))
    codex = AcpAgent(settings=AgentSettings(name="codex", profile="codex"))
    script = CommandAgent(name="s", command=("true",), env={"ANTHROPIC_BASE_URL": "x"})
    assert through(exchange, codex) is codex
    dressed = through(exchange, claude).dress("http://h", "tok").settings.env
    assert dressed["ANTHROPIC_BASE_URL"] == "http://h"
    assert dressed["ANTHROPIC_AUTH_TOKEN"].endswith("tok")
    env = through(exchange, script).dress("http://h", "tok").env
    assert (env["WEIGHLOCK_GATEWAY_TOKEN"], env["ANTHROPIC_BASE_URL"]) == ("tok", "x")
    assert json.dumps(env).count("CANARY") == 0
