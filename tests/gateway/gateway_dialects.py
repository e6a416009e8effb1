"""Four protocols as a provider speaks them: requests, answers, events, errors."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

WORDS = tuple(f"word{n} " for n in range(60))
TEXT = "".join(WORDS)
IN, OUT, CACHED = 110, 60, 10
"""Tokens that every answer counts: 110 read, 10 of them from a cache, 60 written."""
MODEL = "m-1"


def event(data: object, name: str | None = None) -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One protocol."""

    name: str
    path: str
    stream_path: str
    body: Callable[[bool], dict]
    opening: Sequence[bytes]
    """Events that say nothing yet."""
    piece: Callable[[str], bytes]
    closing: Sequence[bytes]
    """What ends the content; the tokens are in it."""
    sentinel: Sequence[bytes]
    """What ends the protocol's stream, where that is something of its own."""
    whole: Callable[[str], dict]
    heard: Callable[[dict], str]
    """The text of one event or of a whole answer."""
    is_error: Callable[[dict], bool]
    key: tuple[str, str]
    """Header, and what stands before the key in it."""

    def events(self, words: Sequence[str] = WORDS) -> list[bytes]:
        pieces = [self.piece(word) for word in words]
        return [*self.opening, *pieces, *self.closing, *self.sentinel]

    def request(self, *, stream: bool) -> tuple[str, bytes]:
        body = json.dumps(self.body(stream)).encode()
        return (self.stream_path if stream else self.path), body


def _anthropic() -> Dialect:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "usage": {
            "input_tokens": IN - CACHED,
            "output_tokens": 1,
            "cache_read_input_tokens": CACHED,
        },
    }
    usage = {**message["usage"], "output_tokens": OUT}

    def named(data: dict) -> bytes:
        return event(data, data["type"])

    def heard(doc: dict) -> str:
        if doc.get("type") == "message":
            return "".join(part["text"] for part in doc["content"])
        return doc.get("delta", {}).get("text", "")

    block = {"type": "content_block_start", "index": 0}
    return Dialect(
        name="anthropic",
        path="/v1/messages",
        stream_path="/v1/messages",
        body=lambda stream: {
            "model": MODEL,
            "max_tokens": 100,
            "stream": stream,
            "messages": [{"role": "user", "content": "hello"}],
        },
        opening=[
            named({"type": "message_start", "message": message}),
            named({**block, "content_block": {"type": "text", "text": ""}}),
            named({"type": "ping"}),
        ],
        piece=lambda word: named(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": word},
            }
        ),
        closing=[
            named({"type": "content_block_stop", "index": 0}),
            named(
                {
                    "type": "message_delta",
                    "delta": {"stop_reason": "end_turn"},
                    "usage": {"output_tokens": OUT},
                }
            ),
        ],
        sentinel=[named({"type": "message_stop"})],
        whole=lambda text: {
            **message,
            "content": [{"type": "text", "text": text}],
            "stop_reason": "end_turn",
            "usage": usage,
        },
        heard=heard,
        is_error=lambda doc: doc.get("type") == "error",
        key=("x-api-key", ""),
    )


def _responses() -> Dialect:
    usage = {
        "input_tokens": IN,
        "input_tokens_details": {"cached_tokens": CACHED},
        "output_tokens": OUT,
    }

    def response(status: str, text: str | None = None) -> dict:
        part = {"type": "output_text", "text": text}
        item = {"type": "message", "role": "assistant", "content": [part]}
        done = {"output": [item], "usage": usage}
        head = {"id": "resp_1", "object": "response", "status": status}
        return {**head, "error": None, **({} if text is None else done)}

    def named(kind: str, **more: object) -> bytes:
        return event({"type": kind, **more}, kind)

    def heard(doc: dict) -> str:
        if doc.get("object") == "response":
            return doc["output"][0]["content"][0]["text"]
        return doc["delta"] if str(doc.get("type")).endswith("text.delta") else ""

    item = {"type": "message", "role": "assistant", "content": []}
    part = {"type": "output_text", "text": ""}
    return Dialect(
        name="openai-responses",
        path="/v1/responses",
        stream_path="/v1/responses",
        body=lambda stream: {"model": MODEL, "input": "hello", "stream": stream},
        opening=[
            named("response.created", response=response("in_progress")),
            named("response.in_progress", response=response("in_progress")),
            named("response.output_item.added", output_index=0, item=item),
            named("response.content_part.added", output_index=0, part=part),
        ],
        piece=lambda word: named("response.output_text.delta", delta=word),
        closing=[
            named("response.output_text.done", text=TEXT),
            named("response.completed", response=response("completed", TEXT)),
        ],
        sentinel=[b"data: [DONE]\n\n"],
        whole=lambda text: response("completed", text),
        heard=heard,
        is_error=lambda doc: (
            doc.get("type") in {"error", "response.failed"} or bool(doc.get("error"))
        ),
        key=("authorization", "Bearer "),
    )


def _chat() -> Dialect:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": MODEL}
    usage = {
        "prompt_tokens": IN,
        "prompt_tokens_details": {"cached_tokens": CACHED},
        "completion_tokens": OUT,
    }

    def chunk(delta: dict, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return event({**head, "choices": [choice]})

    def heard(doc: dict) -> str:
        one = (doc.get("choices") or [{}])[0]
        said = one.get("delta") or one.get("message") or {}
        return said.get("content") or ""

    return Dialect(
        name="openai-chat",
        path="/v1/chat/completions",
        stream_path="/v1/chat/completions",
        body=lambda stream: {
            "model": MODEL,
            "stream": stream,
            "stream_options": {"include_usage": True} if stream else None,
            "messages": [{"role": "user", "content": "hello"}],
        },
        opening=[chunk({"role": "assistant", "content": ""})],
        piece=lambda word: chunk({"content": word}),
        closing=[chunk({}, "stop"), event({**head, "choices": [], "usage": usage})],
        sentinel=[b"data: [DONE]\n\n"],
        whole=lambda text: {
            **head,
            "choices": [
                {"index": 0, "message": {"content": text}, "finish_reason": "stop"}
            ],
            "usage": usage,
        },
        heard=heard,
        is_error=lambda doc: bool(doc.get("error")),
        key=("authorization", "Bearer "),
    )


def _gemini() -> Dialect:
    usage = {
        "promptTokenCount": IN,
        "cachedContentTokenCount": CACHED,
        "candidatesTokenCount": OUT,
    }

    def chunk(text: str, finish: str | None = None) -> dict:
        content = {"role": "model", "parts": [{"text": text}]}
        end = {"finishReason": finish} if finish else {}
        found: dict = {"candidates": [{"content": content, "index": 0, **end}]}
        return {**found, "usageMetadata": usage} if finish else found

    def heard(doc: dict) -> str:
        one = (doc.get("candidates") or [{}])[0]
        parts = one.get("content", {}).get("parts", [])
        return "".join(part.get("text", "") for part in parts)

    return Dialect(
        name="gemini",
        path=f"/v1beta/models/{MODEL}:generateContent",
        stream_path=f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse",
        body=lambda _: {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]},
        opening=[event(chunk(""))],
        piece=lambda word: event(chunk(word)),
        closing=[event(chunk("", "STOP"))],
        sentinel=[],
        whole=lambda text: chunk(text, "STOP"),
        heard=heard,
        is_error=lambda doc: bool(doc.get("error")),
        key=("x-goog-api-key", ""),
    )


DIALECTS = {one.name: one for one in (_anthropic(), _responses(), _chat(), _gemini())}

_WORDS = {
    "anthropic": {
        400: "invalid_request_error",
        401: "authentication_error",
        402: "billing_error",
        403: "permission_error",
        404: "not_found_error",
        413: "request_too_large",
        429: "rate_limit_error",
        500: "api_error",
        503: "overloaded_error",
        529: "overloaded_error",
    },
    "gemini": {
        400: "INVALID_ARGUMENT",
        401: "UNAUTHENTICATED",
        403: "PERMISSION_DENIED",
        404: "NOT_FOUND",
        429: "RESOURCE_EXHAUSTED",
        500: "INTERNAL",
        503: "UNAVAILABLE",
    },
}


def error(dialect: Dialect, status: int, code: str = "", message: str = "no") -> bytes:
    """Return an error's body as a provider of the protocol would write it."""
    word = code or _WORDS.get(dialect.name, {}).get(status, "error")
    if dialect.name == "anthropic":
        said: dict = {"type": "error", "error": {"type": word, "message": message}}
    elif dialect.name == "gemini":
        said = {"error": {"code": status, "message": message, "status": word}}
    else:
        kind = "invalid_request_error" if status == 400 else "error"
        said = {"error": {"type": kind, "code": code or None, "message": message}}
    return json.dumps(said).encode()


ALL = [
    "anthropic",
    *(pytest.param(n, marks=pytest.mark.slow) for n in DIALECTS if n != "anthropic"),
]
"""Parameters: one protocol in the quick tests, the others among the slow ones."""
