"""An upstream in memory that answers in every protocol with what it was asked."""

import json
from dataclasses import dataclass, field

from weighlock.config.buckets import GatewaySettings
from weighlock.credentials import (
    Bucket,
    BucketPool,
    Credential,
    Secret,
    Upstream,
)
from weighlock.fakes import VirtualClock
from weighlock.providers import CallContext, Incoming

START = 1_790_000_000.0
WIRES = ("anthropic", "openai-responses", "openai-chat", "gemini")
USAGE = {"input_tokens": 7, "output_tokens": 3}


def context(wire, **given):
    asked = {
        "model": f"model-{wire}",
        "messages": (("user", "hi"), ("assistant", "yes?"), ("user", "bye")),
        "max_tokens": 64,
        **given,
    }
    return CallContext(wire=wire, **asked)


def echoed(out):
    """Return what a request says: (wire, model, texts, key)."""
    asked = json.loads(out.body)
    keys = ("x-api-key", "x-goog-api-key", "authorization")
    key = next(out.headers[k] for k in keys if k in out.headers)
    if "contents" in asked:
        model = out.url.rpartition("/")[2].partition(":")[0]
        texts = [c["parts"][0]["text"] for c in asked["contents"]]
        return "gemini", model, texts, key
    if "input" in asked:
        texts = [m["content"] for m in asked["input"]]
        return "openai-responses", asked["model"], texts, key
    wire = "anthropic" if "x-api-key" in out.headers else "openai-chat"
    return wire, asked["model"], [m["content"] for m in asked["messages"]], key


def document(wire, text, model):
    """Return an answer of a protocol."""
    if wire == "anthropic":
        parts = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": text}]
        cache = {"cache_read_input_tokens": 5, "cache_creation_input_tokens": 2}
        return {
            "content": parts,
            "model": model,
            "stop_reason": "end_turn",
            "usage": {**USAGE, **cache},
        }
    if wire == "openai-responses":
        said = {"type": "message", "content": [{"type": "output_text", "text": text}]}
        return {
            "output": [{"type": "reasoning", "summary": []}, said],
            "model": model,
            "status": "completed",
            "usage": {**USAGE, "input_tokens_details": {"cached_tokens": 5}},
        }
    if wire == "openai-chat":
        choice = {"message": {"content": text}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 7, "completion_tokens": 3}
        return {"choices": [choice], "model": model, "usage": usage}
    parts = [{"text": "hm", "thought": True}, {"text": text}]
    usage = {"promptTokenCount": 7, "candidatesTokenCount": 3}
    return {
        "candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}],
        "modelVersion": model,
        "usageMetadata": usage,
    }


@dataclass
class Echo:
    """Says back what it was asked, after the failures that are put in line."""

    clock: VirtualClock
    line: list[object] = field(default_factory=list)
    """(status, body) or an exception, once each."""
    seen: list[object] = field(default_factory=list)

    async def send(self, out):
        self.seen.append(out)
        if self.line:
            said = self.line.pop(0)
            if isinstance(said, BaseException):
                raise said
            status, body = said
            return self.incoming(status, body)
        wire, model, texts, key = echoed(out)
        text = json.dumps([model, texts, key])
        return self.incoming(200, json.dumps(document(wire, text, model)).encode())

    def incoming(self, status, body):
        return Incoming(status=status, headers={}, body=body, at=self.clock.now())


class Keys:
    """A credential that is what it is."""

    def __init__(self, text, kind="api-key"):
        self.held = Credential(secret=Secret(text), kind=kind, version=text)

    def version(self):
        return self.held.version

    account = version

    async def get(self):
        return self.held

    def peek(self):
        return self.held

    async def renew(self, version):
        del version
        return self.held

    def reveal(self):
        return (self.held.secret.reveal(),)


def pool(clock, *names, random=lambda: 0.0, tell=lambda _: None, **settings):
    """Return a pool of buckets, each for every protocol: ``name-wire``."""
    buckets = [
        Bucket(
            id=f"{name}-{wire}",
            upstream=Upstream(name=wire, wire=wire, base_url=f"https://{wire}"),
            kind="api-key",
        )
        for wire in WIRES
        for name in names
    ]
    return BucketPool(
        buckets,
        {b.id: Keys(f"key-of-{b.id}") for b in buckets},
        clock=clock,
        settings=GatewaySettings(**settings),
        random=random,
        tell=tell,
    )
