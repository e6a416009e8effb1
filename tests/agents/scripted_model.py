"""A model server that plays a script to real agents: no model, no network.

    python tests/agents/scripted_model.py SCRIPT.json --log REQUESTS.jsonl

prints its URL and serves until its stdin closes, at most ``LIFE_S`` seconds.  It speaks
Anthropic Messages, OpenAI Responses, OpenAI Chat Completions and Gemini on loopback.

The script is a list of ``{"when": TEXT, "steps": [...]}``; the first whose text occurs
in a request is played ("" always does).  A step is ``{"write": PATH, "text": …}``,
``{"run": COMMAND}``, ``{"say": TEXT}`` or ``{"status": 429}``.  Which step is next is
read from the conversation, not counted here, so an agent's retries and side requests
need no memory.
"""

import argparse
import json
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import model_wire as wire
from model_wire import Asked, Call, Document, Tool

LIFE_S = 900
OVER = "The script is over."
_BODY_LIMIT = 64 * 1024 * 1024

_WRITERS = ("Write", "write_file", "write")
_RUNNERS = (
    "Bash",
    "run_shell_command",
    "bash",
    "exec_command",
    "shell_command",
    "shell",
)
_PATHS = ("file_path", "filePath", "absolute_path", "path")
_COMMANDS = ("command", "cmd")
_CWD = re.compile(
    r"(?:working directory|workspace directories|<cwd>|\"cwd\")\W{0,12}?"
    r"(/[^\s<>\"\\`]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One protocol's three functions, by the end of its path."""

    name: str
    path: re.Pattern[str]
    read: Callable[[Document], Asked]
    whole: Callable[[Call | str, int, str], Document]
    stream: Callable[[Document], wire.Events]


def _protocol(name: str, path: str) -> Protocol:
    read, whole, stream = (
        getattr(wire, f"{part}_{name}") for part in ("read", "whole", "stream")
    )
    return Protocol(
        name=name, path=re.compile(path), read=read, whole=whole, stream=stream
    )


PROTOCOLS = (
    _protocol("anthropic", r"/messages$"),
    _protocol("responses", r"/responses$"),
    _protocol("chat", r"/chat/completions$"),
    _protocol("gemini", r":(stream)?[gG]enerateContent$"),
)


def reply_to(step: Document, tools: tuple[Tool, ...], cwd: str | None) -> Call | str:
    """Turn a step into a call of a tool that the request offers, or a text."""
    if "say" in step:
        return str(step["say"])
    if "write" in step:
        writer = _find(tools, _WRITERS)
        if writer is not None and cwd is not None:
            path = str(Path(cwd) / str(step["write"]))
            return _call(writer, {_of(writer, _PATHS): path, "content": step["text"]})
        step = {
            "run": f"cat > {step['write']} <<'END_OF_STEP'\n{step['text']}END_OF_STEP"
        }
    runner = _find(tools, _RUNNERS)
    if runner is None:
        return f"no tool for {json.dumps(step)} among {[t.name for t in tools]}"
    field = _of(runner, _COMMANDS)
    listed = runner.fields[field].get("type") == "array"
    command = ["bash", "-lc", step["run"]] if listed else step["run"]
    return _call(runner, {field: command})


def _find(tools: tuple[Tool, ...], names: tuple[str, ...]) -> Tool | None:
    by_name = {tool.name: tool for tool in tools}
    return next((by_name[name] for name in names if name in by_name), None)


def _of(tool: Tool, names: tuple[str, ...]) -> str:
    return next(name for name in names if name in tool.fields)


def _call(tool: Tool, args: Document) -> Call:
    """Fill in what the tool requires beside what the step says."""
    plain = {"integer": 1, "number": 1, "boolean": False, "array": [], "object": {}}
    for name in tool.required:
        field = tool.fields.get(name, {})
        first = (field.get("enum") or [None])[0]
        args.setdefault(name, first or plain.get(str(field.get("type")), "scripted"))
    return Call(tool=tool, args=args)


def step_number(asked: Asked, steps: list[Document]) -> int:
    """Count the steps a conversation has taken: calls, and texts of the script."""
    ours = [str(step["say"]) for step in steps if "say" in step] + [OVER]
    return sum(turn is None or any(o in turn for o in ours) for turn in asked.turns)


class Server(ThreadingHTTPServer):
    """The server; requests are logged one JSON line each."""

    daemon_threads = True

    def __init__(self, scripts: list[Document], log: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts, self.log = scripts, log
        self.count = 0
        self._lock = threading.Lock()

    def note(self, **fields: object) -> int:
        """Write a line to the log; return how many were written."""
        with self._lock, self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(fields) + "\n")
            self.count += 1
            return self.count

    def steps_for(self, text: str) -> list[Document]:
        """Return the steps of the first script whose text occurs in a request."""
        fits = (s["steps"] for s in self.scripts if str(s["when"]) in text)
        return next(fits, [])


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *args: object) -> None:
        """Keep quiet: the log is a file."""

    def do_HEAD(self) -> None:
        """Answer a client that asks whether anybody is there."""
        self._json(200, {})

    def do_GET(self) -> None:
        """List one model; there is nothing else to get."""
        found = self.path.partition("?")[0].rstrip("/").endswith("/models")
        model = {"id": "scripted", "object": "model", "owned_by": "nobody"}
        data = {"object": "list", "data": [model]}
        self._json(200 if found else 404, data if found else {"error": "no such page"})

    def do_POST(self) -> None:
        """Play the next step of the script that fits."""
        length = min(int(self.headers.get("content-length") or 0), _BODY_LIMIT)
        raw = self.rfile.read(length)
        path = self.path.partition("?")[0]
        if path.lower().endswith(("count_tokens", "counttokens")):
            tokens = {"input_tokens": wire.COUNT_IN, "totalTokens": wire.COUNT_IN}
            self._json(200, tokens)
            return
        protocol = next((p for p in PROTOCOLS if p.path.search(path)), None)
        if protocol is None:
            self.server.note(path=path, unknown=True)
            self._json(404, {"error": {"message": "no such page"}})
            return
        try:
            self._play(protocol, path, json.loads(raw or b"{}"), raw.decode())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _play(self, protocol: Protocol, path: str, body: Document, text: str) -> None:
        asked = protocol.read(body)
        unescaped = text.replace("\\n", "\n").replace('\\"', '"')
        steps = self.server.steps_for(unescaped)
        at = step_number(asked, steps)
        step = steps[at] if at < len(steps) else {"say": OVER}
        if not asked.tools:  # a title, a summary: not part of the conversation
            step = {"say": "ok"}
        cwd = _CWD.search(unescaped)
        status = int(str(step.get("status", 200)))
        n = self.server.note(
            protocol=protocol.name,
            step=at,
            side=not asked.tools,
            status=status,
            cwd=cwd and cwd[1],
            tools=[tool.name for tool in asked.tools],
        )
        if status != 200:
            error = {"message": f"scripted error {status}", "code": status}
            self._json(status, {"type": "error", "error": error})
            return
        reply = reply_to(step, asked.tools, cwd[1] if cwd else None)
        whole = protocol.whole(reply, n, str(body.get("model", "scripted")))
        if body.get("stream") or "streamGenerate" in path:
            self._stream(protocol, whole)
        else:
            self._json(200, whole)

    def _json(self, status: int, document: Document) -> None:
        data = json.dumps(document).encode() if self.command != "HEAD" else b""
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, protocol: Protocol, whole: Document) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for name, data in protocol.stream(whole):
            head = f"event: {name}\n" if name else ""
            self._chunk(f"{head}data: {json.dumps(data)}\n\n")
        if protocol.name == "chat":
            self._chunk("data: [DONE]\n\n")
        self._chunk("")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def main() -> None:
    """Serve a script until stdin closes or the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("script", type=Path)
    parser.add_argument("--log", type=Path, required=True)
    given = parser.parse_args()
    server = Server(json.loads(given.script.read_text(encoding="utf-8")), given.log)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    waiting = threading.Thread(target=sys.stdin.read, daemon=True)
    waiting.start()
    waiting.join(LIFE_S)
    server.shutdown()


if __name__ == "__main__":
    main()
