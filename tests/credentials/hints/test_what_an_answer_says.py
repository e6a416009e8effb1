"""An answer → whose fault it is, and until when (REQ-1598-CL)."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.credentials import classify, classify_event

NOW = 1_800_000_000.0


def error(word="", message="", **more):
    return json.dumps({"error": {"type": word, "message": message, **more}}).encode()


def said(status, body=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return classify(status, named, body, now=NOW)


GOOGLE = [
    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37.5s"},
    {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}],
    },
]

GONE = error(details=[{"reason": "API_KEY_INVALID"}])
FAULTS = [
    # status, body, fault, detail, scope, terminal
    (200, b"", "none", "", "bucket", False),
    (429, b"", "quota", "quota", "model", False),
    (429, error("rate_limit_error"), "quota", "quota", "model", False),
    (429, error("usage_limit_reached"), "quota", "quota", "bucket", False),
    (429, error("insufficient_quota"), "quota", "billing", "bucket", True),
    (429, error(code="billing_hard_limit_reached"), "quota", "billing", "bucket", True),
    (429, error("credits_required"), "quota", "billing", "bucket", True),
    (402, b"", "quota", "billing", "bucket", True),
    (
        400,
        error("invalid_request_error", "Your credit balance is too low to access"),
        *("quota", "billing", "bucket", True),
    ),
    (401, b"", "credential", "rejected-key", "bucket", True),
    (
        403,
        error("permission_error", "OAuth token has been revoked"),
        *("credential", "rejected-key", "bucket", True),
    ),
    (400, GONE, "credential", "rejected-key", "bucket", True),
    (403, error("insufficient_quota"), "quota", "billing", "bucket", True),
    (403, error(status="RESOURCE_EXHAUSTED"), "quota", "quota", "model", False),
    (
        403,
        error("PERMISSION_DENIED", "Consumer 'api_key:AIza' has been suspended."),
        "credential",
        "rejected-key",
        "bucket",
        True,
    ),
    (403, error("permission_error", "not in your quota"), "request", "", "bucket", 0),
    (403, error("permission_error", "not this model"), "request", "", "bucket", False),
    (400, error("invalid_request_error", "max_tokens"), "request", "", "bucket", False),
    (404, b"", "request", "", "bucket", False),
    (413, error("request_too_large"), "request", "", "bucket", False),
    (422, b"", "request", "", "bucket", False),
    (408, b"", "upstream", "overloaded", "upstream", False),
    (500, error("api_error"), "upstream", "overloaded", "upstream", False),
    (529, error("overloaded_error"), "upstream", "overloaded", "upstream", False),
    (503, b"<html>", "upstream", "overloaded", "upstream", False),
    (302, b"", "upstream", "network", "upstream", False),
]


@pytest.mark.parametrize(
    ("status", "body", "fault", "detail", "scope", "terminal"), FAULTS
)
def test_cl01_each_answer_has_one_meaning(status, body, fault, detail, scope, terminal):
    hint = said(status, body)
    assert (hint.fault, hint.detail, hint.scope) == (fault, detail, scope)
    assert hint.terminal == terminal


WAITS = [
    ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
    ({"retry-after": "2.5"}, 2.5),
    ({"Retry-After": format_datetime(datetime.fromtimestamp(NOW + 60, UTC))}, 60),
    (
        {
            "anthropic-ratelimit-unified-status": "rejected",
            "anthropic-ratelimit-unified-reset": str(int(NOW + 7200)),
        },
        7200,
    ),
    (
        {
            "anthropic-ratelimit-tokens-remaining": "0",
            "anthropic-ratelimit-tokens-reset": datetime.fromtimestamp(
                NOW + 20, UTC
            ).isoformat(),
            "anthropic-ratelimit-requests-remaining": "5",
            "anthropic-ratelimit-requests-reset": datetime.fromtimestamp(
                NOW + 90, UTC
            ).isoformat(),
        },
        20,
    ),
    ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "6m0s"}, 360),
    (
        {
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-tokens": "6m0s",
        },
        1,
    ),
    ({"retry-after": str(90 * 86_400)}, 31 * 86_400),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "nan"}, None),
    ({"retry-after": "-5"}, 0),
]


@pytest.mark.parametrize(("headers", "wait"), WAITS)
def test_a_header_says_until_when(headers, wait):
    found = classify(429, headers, b"", now=NOW).retry_at
    assert found == (None if wait is None else pytest.approx(NOW + wait, abs=1))


BODIES = [
    ({"resets_at": int(NOW + 500)}, 500),
    ({"resets_in_seconds": 70}, 70),
    ({"details": GOOGLE[:1]}, 37.5),
    ({"message": "Please try again in 1h2m3s."}, 3723),
    ({"message": "try again in 250ms"}, 0.25),
    ({"message": "try again"}, None),
]


@pytest.mark.parametrize(("more", "wait"), BODIES)
def test_a_body_says_until_when(more, wait):
    body = json.dumps({"error": {"type": "rate_limit_error", **more}}).encode()
    found = said(429, body).retry_at
    assert found == (None if wait is None else pytest.approx(NOW + wait))


def test_a_header_is_believed_before_a_body():
    body = error("rate_limit_error", "try again in 9s")
    assert said(429, body, retry_after="2").retry_at == NOW + 2


def test_a_quota_of_a_day_is_not_worth_a_moment():
    assert said(429, error(details=GOOGLE)).terminal


def test_a_spent_account_window_rests_the_bucket_for_every_model():
    hint = said(429, b"", anthropic_ratelimit_unified_status="rejected")
    assert hint.scope == "bucket"


EVENTS = [
    ({"type": "message_start", "message": {}}, "none"),
    ({"type": "error", "error": {"type": "overloaded_error"}}, "upstream"),
    ({"type": "error", "error": {"type": "rate_limit_error"}}, "quota"),
    ({"type": "error", "error": {"type": "authentication_error"}}, "credential"),
    ({"type": "error", "error": {"type": "invalid_request_error"}}, "request"),
    ({"type": "response.failed", "response": {"error": {"code": "x"}}}, "upstream"),
    (
        {
            "type": "response.failed",
            "response": {"error": {"code": "rate_limit_exceeded"}},
        },
        "quota",
    ),
    ({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}, "quota"),
    ([{"error": {"code": 503, "status": "UNAVAILABLE"}}], "upstream"),
    ({"choices": [], "error": None}, "none"),
    ("text", "none"),
]


@pytest.mark.parametrize(("document", "fault"), EVENTS)
def test_an_error_inside_a_good_stream_is_an_error(document, fault):
    assert classify_event(document, now=NOW).fault == fault


NAMES = [name for headers, _ in WAITS for name in headers]
PARTS = st.sampled_from(
    [b'{"error":', b'{"type":', b'"details":', b"[", b"]", b"{", b"}", b"null", b"9e9"]
)


@settings(max_examples=60, deadline=None)
@given(
    status=st.integers(100, 599),
    headers=st.dictionaries(st.sampled_from(NAMES), st.text() | st.floats().map(str)),
    body=st.binary() | st.lists(PARTS).map(b"".join),
)
def test_no_answer_breaks_it_and_no_wait_is_senseless(status, headers, body):
    hint = classify(status, headers, body, now=NOW)
    if hint.retry_at is not None:
        assert NOW <= hint.retry_at <= NOW + 31 * 86_400
    assert (hint.fault == "none") <= (200 <= status < 300)
