"""Stateless providers: a call needs its context and nothing else (REQ-SP4-001…004)."""

import ast
import asyncio
import json
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from echo_upstream import START, WIRES, Echo, Keys, context, document, echoed, pool

import weighlock.providers
from weighlock.credentials import AllBucketsExhausted, Upstream
from weighlock.errors import UsageError
from weighlock.fakes import VirtualClock
from weighlock.providers import (
    PROVIDERS,
    Attempt,
    CallRefused,
    MissingCallContext,
    Orchestrator,
    Registry,
    complete,
    logged,
)

SAID = b'{"error": {"type": "%s", "message": "no: key-of-a-anthropic"}}'
SPENT = (429, SAID % b"rate_limit_error")
WRONG = (400, SAID % b"invalid_request_error")
DOWN = (529, SAID % b"overloaded_error")


def called(ctx, *line, fn=complete, names=("a", "b"), **settings):
    """Call once; return what came of it, and what was sent."""
    clock = VirtualClock(at=START)
    echo = Echo(clock=clock, line=list(line))

    async def go():
        async with Orchestrator(
            pool(clock, *names, **settings), send=echo.send
        ) as orchestrator:
            return await orchestrator.call(fn, ctx)

    try:
        return asyncio.run(go()), echo.seen
    except (CallRefused, MissingCallContext, AllBucketsExhausted) as error:
        return error, echo.seen


@pytest.mark.parametrize("wire", WIRES)
def test_a_call_is_asked_and_answered_in_its_protocol(wire):
    answer, [out] = called(context(wire, system="be brief"))
    model, texts, key = json.loads(answer.text)
    assert (model, key.removeprefix("Bearer ")) == (f"model-{wire}", f"key-of-a-{wire}")
    assert texts[-3:] == ["hi", "yes?", "bye"]
    assert "be brief" in out.body.decode()
    assert (answer.tokens.output, answer.model) == (3, f"model-{wire}")
    assert answer.finish in {"end_turn", "completed", "stop", "STOP"}


def test_what_was_read_from_a_cache_is_a_part_of_the_input():
    tokens = called(context("anthropic"))[0].tokens
    assert (tokens.input, tokens.cache_read, tokens.cache_write) == (14, 5, 2)
    tokens = called(context("openai-responses"))[0].tokens
    assert (tokens.input, tokens.cache_read, tokens.cache_write) == (7, 5, None)


@pytest.mark.parametrize("wire", WIRES)
def test_fields_of_the_protocol_go_through_untouched(wire):
    ctx = context(wire, extra={"tools": [{"name": "x"}]}, temperature=0.5)
    asked = json.loads(called(ctx)[1][0].body)
    assert asked["tools"] == [{"name": "x"}]
    assert "0.5" in json.dumps(asked)


MISSING = [
    ({"wire": None}, ("wire",), "call"),
    ({"model": ""}, ("model",), "call"),
    ({"wire": None, "model": ""}, ("wire", "model"), "call"),
    ({"messages": ()}, ("messages",), "normalise"),
    ({"max_tokens": None}, ("max_tokens",), "normalise"),
]


@pytest.mark.parametrize(("given", "missing", "stage"), MISSING)
def test_sp4_001_what_is_missing_is_named_with_the_stage(given, missing, stage):
    wire = given.pop("wire", "anthropic")
    error, sent = called(context(wire, **given))
    assert isinstance(error, MissingCallContext)
    assert (error.missing, error.stage) == (missing, stage)
    assert sent == []


@pytest.mark.parametrize(
    "messages", [("user", "hi"), "hi", (("system", "hi"),), (("user", None),)]
)
def test_messages_of_another_shape_are_refused_where_they_are_written(messages):
    with pytest.raises(UsageError, match=r"is no message\nhint: messages="):
        context("gemini", messages=messages)


def test_only_the_provider_that_a_call_names_serves_it():
    error, sent = called(context("gemini", provider="openai-chat"))
    assert (str(error).splitlines()[0], sent) == (
        "no bucket of openai-chat is left (none is configured)",
        [],
    )
    assert called(context("gemini", provider="gemini"))[0].text


def test_sp4_001_without_an_orchestrator_there_is_no_way_to_send():
    with pytest.raises(MissingCallContext, match="no attempt") as told:
        asyncio.run(complete(context("gemini")))
    assert told.value.stage == "send"


def test_sp4_001_the_environment_is_no_fallback(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-env")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://env.example")
    [out] = called(context("anthropic"))[1]
    assert "env" not in out.url + str(out.headers)


def test_sp4_002_a_context_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        context("gemini").model = "other"


def test_sp4_002_a_key_that_changed_is_the_one_of_the_next_call():
    clock = VirtualClock(at=START)
    echo = Echo(clock=clock)
    mine = pool(clock, "a")

    async def go():
        async with Orchestrator(mine, send=echo.send) as orchestrator:
            await orchestrator.call(complete, context("gemini", temperature=0.1))
            mine.sources["a-gemini"].held = Keys("another").held
            await orchestrator.call(complete, context("gemini", model="other"))

    asyncio.run(go())
    assert echoed(echo.seen[1])[1:4:2] == ("other", "another")
    assert b"0.1" not in echo.seen[1].body


def test_sp4_002_no_module_keeps_anything():
    """Only the HTTP session may be kept, and it is keyed by address alone."""
    kept = {}
    for path in Path(weighlock.providers.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text())
        bad = [n for n in ast.walk(tree) if isinstance(n, ast.Global | ast.Nonlocal)]
        text = ast.unparse(tree)
        bad += [
            w for w in ("lru_cache", "functools", "ContextVar", "environ") if w in text
        ]
        if bad:
            kept[path.name] = bad
    assert kept == {}


def test_sp4_003_the_context_goes_to_any_function_with_an_attempt_of_its_own():
    seen = []

    async def mine(ctx):
        seen.append(ctx.under_way().bucket)
        if len(seen) == 1:
            raise CallRefused("p", _hint(429))
        return ctx.runtime

    assert called(context("anthropic", runtime="me"), fn=mine)[0] == "me"
    assert seen == ["a-anthropic", "b-anthropic"]


def _hint(status):
    from weighlock.credentials import classify

    return classify(status, {}, b"", now=START)


def test_a_spent_bucket_is_left_for_the_next():
    answer, sent = called(context("openai-chat"), SPENT)
    assert json.loads(answer.text)[2] == "Bearer key-of-b-openai-chat"
    assert len(sent) == 2


@pytest.mark.parametrize(("runtime", "next_one"), [("", "a"), ("me", "b")])
def test_who_says_no_name_is_served_in_the_order_of_the_file_again(runtime, next_one):
    clock = VirtualClock(at=START)
    echo, mine = Echo(clock=clock, line=[SPENT]), pool(clock, "a", "b")
    ctx = context("gemini", runtime=runtime)

    async def go():
        async with Orchestrator(mine, send=echo.send) as orchestrator:
            await orchestrator.call(complete, ctx)
            await clock.sleep(3600)
            await orchestrator.call(complete, ctx)

    asyncio.run(go())
    assert [echoed(out)[3].split("-")[2] for out in echo.seen] == ["a", "b", next_one]


def test_a_call_that_is_wrong_is_told_at_once_and_without_the_key():
    error, sent = called(context("anthropic"), WRONG)
    assert isinstance(error, CallRefused)
    assert len(sent) == 1
    assert "key-of" not in str(error)
    assert "no: [redacted]" in str(error)


def test_when_none_is_left_each_reason_is_told():
    error, _ = called(context("anthropic"), SPENT, SPENT)
    assert isinstance(error, AllBucketsExhausted)
    assert {f.reason for f in error.reasons.values()} == {"quota-exhausted"}
    assert "hint: one may serve again at 2026-09-21T14:13:50Z; see" in str(error)


@pytest.mark.parametrize(
    "broken",
    [ConnectionResetError(), TimeoutError(), (200, b"<html>"), (200, b""), DOWN],
)
def test_an_upstream_that_breaks_is_no_fault_of_a_key(broken):
    error, _ = called(context("gemini"), *[broken] * 9, names=("a",))
    assert isinstance(error, AllBucketsExhausted)
    assert error.reasons["a-gemini"].reason == "upstream-failed"


def test_an_error_inside_a_good_answer_is_one():
    answer, sent = called(context("gemini"), (200, b'[{"error": {"code": 429}}]'))
    assert len(sent) == 2
    assert json.loads(answer.text)[2] == "key-of-b-gemini"


def test_sp4_004_registry_and_log_pass_the_very_context_on():
    told, got = [], []

    async def mine(ctx):
        got.append(ctx)
        raise RuntimeError

    way = Attempt(
        number=2,
        bucket="a",
        upstream=Upstream(name="p", wire="gemini", base_url="https://p"),
        credential=Keys("canary").held,
        send=Echo(clock=VirtualClock()).send,
    )
    ctx = context("gemini", attempt=way, runtime="r1")
    registry = Registry({"gemini": mine})
    asyncio.run(_broken(logged(registry, told.append), ctx))
    assert got[0] is ctx
    assert [(e.what, e.runtime, e.bucket, e.attempt) for e in told] == [
        ("asked", "r1", "a", 2),
        ("broken", "r1", "a", 2),
    ]
    assert "canary" not in repr((told, ctx, way))


async def _broken(provider, ctx):
    with pytest.raises(RuntimeError):
        await provider(ctx)


def test_sp4_004_the_log_says_what_each_attempt_came_to():
    told = []
    called(context("anthropic"), SPENT, fn=logged(PROVIDERS, told.append))
    assert [(e.what, e.bucket, e.status, e.detail) for e in told] == [
        ("asked", "a-anthropic", None, ""),
        ("refused", "a-anthropic", 429, "quota"),
        ("asked", "b-anthropic", None, ""),
        ("answered", "b-anthropic", 200, ""),
    ]
    assert told[-1].tokens.output == 3


def test_an_event_has_no_place_for_a_text():
    from weighlock.providers import CallEvent

    names = {f.name for f in fields(CallEvent)}
    assert not names & {"messages", "text", "headers", "body", "credential"}


def test_every_protocol_can_be_echoed():
    for wire in WIRES:
        assert document(wire, "x", "m")
        assert echoed(called(context(wire))[1][0])[0] == wire
