"""A script as an ACP agent in a process of its own: ``python -m … SCRIPT``.

Written on the standard library alone, not on the SDK: what tests the client should
not share its faults, and it starts in a tenth of a second.  Phase, attempt and session
come from the environment that weighlock writes for every agent.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from weighlock.agents.acts import change
from weighlock.agents.script import Act, read

_FOREVER = 1e9
_KINDS = "allow_once,reject_once"

Message = dict[str, object]


class Stopped(Exception):  # noqa: N818 - how a turn ends, not an error
    """The turn is over before its acts are: a stop reason, or an error."""

    def __init__(self, answer: Message) -> None:
        super().__init__(str(answer))
        self.answer = answer


class Server:
    """Answer one client on stdin and stdout, one message at a time."""

    def __init__(self, acts: tuple[Act, ...]) -> None:
        self._acts = acts
        self._rest = b""
        self._cwd = Path()
        self._calls = 0
        self._method = {
            "initialize": self._initialize,
            "session/new": self._new,
            "session/prompt": self._prompt,
        }

    def serve(self) -> None:
        """Answer until the client goes away."""
        while (message := self._next()) is not None:
            method = self._method.get(str(message.get("method")))
            if method is not None:
                self._send({"id": message.get("id"), **method(message)})
            elif "id" in message and "method" in message:
                error = {"code": -32601, "message": "Method not found"}
                self._send({"id": message["id"], "error": error})

    def _initialize(self, message: Message) -> Message:
        del message
        info = {"name": "script", "version": "1"}
        return {"result": {"protocolVersion": 1, "agentInfo": info}}

    def _new(self, message: Message) -> Message:
        params = message.get("params")
        if isinstance(params, Mapping):
            self._cwd = Path(str(params.get("cwd")))
        return {"result": {"sessionId": "script"}}

    def _prompt(self, message: Message) -> Message:
        del message
        try:
            for act in self._acts:
                self._play(act)
        except Stopped as stopped:
            return stopped.answer
        return {"result": {"stopReason": "end_turn"}}

    def _play(self, act: Act) -> None:
        match act.verb:
            case "write" | "append" | "delete" | "commit":
                self._tool(change(act, self._cwd), "edit", "")
            case "run":
                self._run(act.what)
            case "permit":
                self._permit(act)
            case "sleep" | "hang":
                self._wait(act)
            case "noise":
                for _ in range(max(int(act.number), 1)):
                    self._write(act.what.encode() + b"\n")
            case "crash" | "error" | "stop":
                self._stop(act)
            case _:
                self._say(act)

    def _say(self, act: Act) -> None:
        self._calls += 1
        thinks = act.verb == "activity"
        kind = "agent_thought_chunk" if thinks else "agent_message_chunk"
        content = {"type": "text", "text": act.what}
        self._update(kind, messageId=str(self._calls), content=content)

    def _run(self, command: str) -> None:
        done = subprocess.run(  # noqa: S602 - the script's own command
            command,
            shell=True,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.decode(errors="replace")
        self._tool(command, "execute", output, failed=done.returncode != 0)

    def _tool(
        self, title: str, kind: str, output: str, *, failed: bool = False
    ) -> None:
        self._calls += 1
        call = f"call-{self._calls}"
        raw = {"command": title} if kind == "execute" else {}
        self._update("tool_call", toolCallId=call, title=title, kind=kind, rawInput=raw)
        part = {"type": "content", "content": {"type": "text", "text": output}}
        self._update(
            "tool_call_update",
            toolCallId=call,
            status="failed" if failed else "completed",
            content=[part] if output else [],
        )

    def _permit(self, act: Act) -> None:
        kinds = (act.text or _KINDS).split(",")
        options = [
            {"optionId": f"{n}", "name": k, "kind": k} for n, k in enumerate(kinds)
        ]
        call = {"toolCallId": "asked", "title": act.what, "kind": "execute"}
        params = {"sessionId": "script", "toolCall": call, "options": options}
        self._send(
            {"id": "ask", "method": "session/request_permission", "params": params}
        )
        while (message := self._next()) is not None:
            if message.get("id") == "ask":
                answer = json.dumps(message.get("result"), sort_keys=True)
                self._say(Act(verb="say", what=answer))
                return

    def _wait(self, act: Act) -> None:
        seconds = act.number if act.verb == "sleep" else _FOREVER
        while self._ready(seconds) and (message := self._next()) is not None:
            if message.get("method") == "session/cancel" and act.what != "deaf":
                raise Stopped({"result": {"stopReason": "cancelled"}})

    def _stop(self, act: Act) -> None:
        if act.verb == "crash":
            os._exit(int(act.number))
        if act.verb == "stop":
            raise Stopped({"result": {"stopReason": act.what}})
        error = {"code": int(act.number) or -32603, "message": act.what}
        raise Stopped({"error": error})

    def _update(self, kind: str, /, **fields: object) -> None:
        params = {"sessionId": "script", "update": {"sessionUpdate": kind, **fields}}
        self._send({"method": "session/update", "params": params})

    def _send(self, message: Message) -> None:
        self._write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def _write(self, data: bytes) -> None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def _ready(self, seconds: float) -> bool:
        """Say whether a message came within that time."""
        if b"\n" in self._rest:
            return True
        limit = None if seconds == _FOREVER else seconds
        return bool(select.select([0], [], [], limit)[0])

    def _next(self) -> Message | None:
        while b"\n" not in self._rest:
            data = os.read(0, 1 << 16)
            if not data:
                return None
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        message = json.loads(line)
        return message if isinstance(message, dict) else {}


def main() -> None:
    """Play the script named on the command line."""
    env = os.environ
    acts = read(Path(sys.argv[1])).acts(
        env.get("WEIGHLOCK_PHASE", ""),
        int(env.get("WEIGHLOCK_ATTEMPT", "1")),
        int(env.get("WEIGHLOCK_SESSION", "1")),
    )
    Server(acts).serve()


if __name__ == "__main__":
    main()
