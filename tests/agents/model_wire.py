"""Four model protocols: what a request asks; an answer whole, or cut into events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

COUNT_IN, COUNT_OUT = 1000, 50
PIECE = 32
"""Characters of one streamed piece."""

Document = dict[str, object]
Events = Iterator[tuple[str | None, Document]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool that the request offers."""

    name: str
    fields: Mapping[str, Mapping[str, object]]
    """Property → its JSON schema."""
    required: tuple[str, ...] = ()
    space: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An answer that calls a tool; a plain text is the other kind."""

    tool: Tool
    args: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request says: tools, and what the assistant's turns were so far."""

    tools: tuple[Tool, ...]
    turns: tuple[str | None, ...]
    """Text of each earlier answer; None for one that called a tool."""


def _tool(name: str, schema: object, space: str | None = None) -> Tool:
    table = schema if isinstance(schema, dict) else {}
    return Tool(
        name=name,
        fields=table.get("properties") or {},
        required=tuple(table.get("required") or ()),
        space=space,
    )


def _pieces(text: str) -> list[str]:
    return [text[i : i + PIECE] for i in range(0, len(text), PIECE)] or [""]


def _joined(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(str(part.get("text") or "") for part in parts)


# Anthropic Messages


def read_anthropic(body: Document) -> Asked:
    tools = [
        _tool(t["name"], t.get("input_schema"))
        for t in body.get("tools") or []
        if "name" in t
    ]
    turns = []
    for message in body.get("messages") or []:
        if message["role"] == "assistant":
            content = message["content"]
            parts = content if isinstance(content, list) else []
            called = any(part.get("type") == "tool_use" for part in parts)
            turns.append(None if called else _joined(content))
    return Asked(tools=tuple(tools), turns=tuple(turns))


def whole_anthropic(reply: Call | str, n: int, model: str) -> Document:
    block: Document = {"type": "text", "text": reply}
    if isinstance(reply, Call):
        name, args = reply.tool.name, reply.args
        block = {"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": args}
    return {
        "id": f"msg_{n}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [block],
        "stop_reason": "tool_use" if isinstance(reply, Call) else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": COUNT_IN, "output_tokens": COUNT_OUT},
    }


def stream_anthropic(whole: Document) -> Events:
    (block,) = whole["content"]
    ending = {key: whole[key] for key in ("stop_reason", "stop_sequence")}
    empty = {**whole, "content": [], "stop_reason": None}
    if block["type"] == "text":
        start = {**block, "text": ""}
        deltas = [{"type": "text_delta", "text": p} for p in _pieces(block["text"])]
    else:
        start = {**block, "input": {}}
        parts = _pieces(json.dumps(block["input"]))
        deltas = [{"type": "input_json_delta", "partial_json": p} for p in parts]
    events = [
        {"type": "message_start", "message": empty},
        {"type": "content_block_start", "index": 0, "content_block": start},
        *({"type": "content_block_delta", "index": 0, "delta": d} for d in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ending, "usage": whole["usage"]},
        {"type": "message_stop"},
    ]
    yield from ((event["type"], event) for event in events)


# OpenAI Responses

_CALLS = frozenset(("function_call", "custom_tool_call", "local_shell_call"))


def read_responses(body: Document) -> Asked:
    tools: list[Tool] = []
    for tool in body.get("tools") or []:
        inner = tool.get("tools") if tool.get("type") == "namespace" else None
        if inner is not None:
            tools += [
                _tool(t["name"], t.get("parameters"), tool["name"]) for t in inner
            ]
        elif tool.get("type") == "function":
            tools.append(_tool(tool["name"], tool.get("parameters")))
    turns: list[str | None] = []
    items = body.get("input")
    for item in items if isinstance(items, list) else []:
        if item.get("type") in _CALLS:
            turns.append(None)
        elif item.get("role") == "assistant":
            turns.append(_joined(item.get("content")))
    return Asked(tools=tuple(tools), turns=tuple(turns))


def whole_responses(reply: Call | str, n: int, model: str) -> Document:
    if isinstance(reply, Call):
        space = {"namespace": reply.tool.space} if reply.tool.space else {}
        item: Document = {
            "id": f"fc_{n}",
            "type": "function_call",
            "status": "completed",
            "call_id": f"call_{n}",
            "name": reply.tool.name,
            "arguments": json.dumps(reply.args),
            **space,
        }
    else:
        part = {"type": "output_text", "text": reply, "annotations": []}
        item = {
            "id": f"out_{n}",
            "type": "message",
            "status": "completed",
            "role": "assistant",
            "content": [part],
        }
    return {
        "id": f"resp_{n}",
        "object": "response",
        "created_at": 1,
        "model": model,
        "status": "completed",
        "output": [item],
        "usage": {
            "input_tokens": COUNT_IN,
            "output_tokens": COUNT_OUT,
            "total_tokens": COUNT_IN + COUNT_OUT,
        },
    }


def stream_responses(whole: Document) -> Events:
    (item,) = whole["output"]
    where = {"output_index": 0, "item_id": item["id"]}
    running = {"status": "in_progress"}
    if item["type"] == "message":
        blank, text = {"content": []}, item["content"][0]["text"]
        kind, where = "response.output_text.delta", {**where, "content_index": 0}
    else:
        blank, text = {"arguments": ""}, item["arguments"]
        kind = "response.function_call_arguments.delta"
    events = [
        {"type": "response.created", "response": {**whole, **running, "output": []}},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**item, **running, **blank},
        },
        *({"type": kind, **where, "delta": piece} for piece in _pieces(text)),
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    for number, event in enumerate(events):
        yield event["type"], {**event, "sequence_number": number}


# OpenAI Chat Completions


def read_chat(body: Document) -> Asked:
    offered = [t["function"] for t in body.get("tools") or [] if "function" in t]
    turns = [
        None if message.get("tool_calls") else _joined(message.get("content"))
        for message in body.get("messages") or []
        if message["role"] == "assistant"
    ]
    tools = tuple(_tool(f["name"], f.get("parameters")) for f in offered)
    return Asked(tools=tools, turns=tuple(turns))


def whole_chat(reply: Call | str, n: int, model: str) -> Document:
    message: Document = {"role": "assistant", "content": reply}
    if isinstance(reply, Call):
        call = {"name": reply.tool.name, "arguments": json.dumps(reply.args)}
        calls = [{"id": f"call_{n}", "type": "function", "function": call}]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
    reason = "tool_calls" if isinstance(reply, Call) else "stop"
    return {
        "id": f"chat_{n}",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {
            "prompt_tokens": COUNT_IN,
            "completion_tokens": COUNT_OUT,
            "total_tokens": COUNT_IN + COUNT_OUT,
        },
    }


def stream_chat(whole: Document) -> Events:
    frame = {**whole, "object": "chat.completion.chunk", "usage": None}
    (choice,) = whole["choices"]
    message = choice["message"]
    deltas: list[Document] = [{"role": "assistant", "content": ""}]
    for call in message.get("tool_calls") or []:
        named = {**call["function"], "arguments": ""}
        deltas.append({"tool_calls": [{**call, "index": 0, "function": named}]})
        for piece in _pieces(call["function"]["arguments"]):
            part = {"index": 0, "function": {"arguments": piece}}
            deltas.append({"tool_calls": [part]})
    deltas += [{"content": piece} for piece in _pieces(message["content"] or "")]
    for delta in deltas:
        chunk = {"index": 0, "delta": delta, "finish_reason": None}
        yield None, {**frame, "choices": [chunk]}
    last = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    yield None, {**frame, "choices": [last]}
    yield None, {**frame, "choices": [], "usage": whole["usage"]}


# Gemini


def read_gemini(body: Document) -> Asked:
    tools = [
        _tool(f["name"], f.get("parametersJsonSchema") or f.get("parameters"))
        for group in body.get("tools") or []
        for f in group.get("functionDeclarations") or []
    ]
    turns = []
    for content in body.get("contents") or []:
        if content.get("role") == "model":
            parts: Sequence[Document] = content.get("parts") or []
            called = any("functionCall" in part for part in parts)
            turns.append(None if called else _joined(parts))
    return Asked(tools=tuple(tools), turns=tuple(turns))


def whole_gemini(reply: Call | str, n: int, model: str) -> Document:
    part: Document = {"text": reply}
    if isinstance(reply, Call):
        part = {"functionCall": {"name": reply.tool.name, "args": reply.args}}
    content = {"role": "model", "parts": [part]}
    return {
        "candidates": [{"content": content, "index": 0, "finishReason": "STOP"}],
        "usageMetadata": {
            "promptTokenCount": COUNT_IN,
            "candidatesTokenCount": COUNT_OUT,
            "totalTokenCount": COUNT_IN + COUNT_OUT,
        },
        "modelVersion": model,
        "responseId": f"r{n}",
    }


def stream_gemini(whole: Document) -> Events:
    yield None, whole
