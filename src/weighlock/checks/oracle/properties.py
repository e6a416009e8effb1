"""Property probes: what must hold of every answer, tried on inputs made up here.

An agent can learn the answers of known inputs; these are new each time.  What is
expected is worked out here or by a model that lies beside the oracle: it never enters
the program that is probed.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from weighlock.checks.finding import Found, found
from weighlock.checks.oracle import answers
from weighlock.checks.oracle.inputs import inputs
from weighlock.process import Finished

Start = Callable[[Sequence[str], bytes, float], Awaitable[Finished]]
"""Start a program with an input on stdin and a limit in seconds."""

INPUT = "{input}"
"""Where in a command the input stands; nowhere: it is read from stdin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One program, a pattern of its inputs, and what every answer must be."""

    phase: str
    run: tuple[str, ...]
    input: str
    cases: int = 20
    stdout_matches: str | None = None
    idempotent: bool = False
    """An answer that is given again is answered by itself."""
    inverse: tuple[str, ...] = ()
    """A call of the delivered program that leads back to the input."""
    model: tuple[str, ...] = ()
    """A program beside the oracle that knows the answer."""
    exit: int = 0
    timeout_s: float = 10.0


async def look(
    wanted: Property, probed: Start, model: Start
) -> tuple[list[Found], Finished | None]:
    """Try a property until it fails; return what was found, and the last answer.

    Args:
        wanted: The property.
        probed: Starts a program in the delivered tree.
        model: Starts a program beside the oracle.
    """
    done: Finished | None = None
    for text in inputs(wanted.input, wanted.cases, secrets.randbits(32)):
        done = await _ask(wanted.run, text, wanted, probed)
        seen = await _judge(wanted, text, done, probed)
        if not seen and wanted.model:
            seen = _unlike(
                wanted, text, done, await _ask(wanted.model, text, wanted, model)
            )
        if seen:
            return seen, done
    return [], done


async def _ask(
    run: Sequence[str], text: str, wanted: Property, start: Start
) -> Finished:
    if any(INPUT in word for word in run):
        words = [word.replace(INPUT, text) for word in run]
        return await start(words, b"", wanted.timeout_s)
    return await start(run, text.encode(), wanted.timeout_s)


async def _judge(
    wanted: Property, text: str, done: Finished, start: Start
) -> list[Found]:
    """Hold one answer against all that can be said of it without a model."""
    if done.missing and "/" not in wanted.run[0]:
        return [found("error", "tool-missing", f"{wanted.run[0]} is not installed")]
    why = answers.fault(done, exit_code=wanted.exit, timeout_s=wanted.timeout_s)
    if why is not None:
        return [_failed(wanted, text, why)]
    pattern = wanted.stdout_matches
    if pattern is not None and not await answers.matches(pattern, done.stdout):
        return [_failed(wanted, text, answers.told(done))]
    return await _again(wanted, text, done, start)


async def _again(
    wanted: Property, text: str, done: Finished, start: Start
) -> list[Found]:
    """Give an answer back: to the same program, and to the one that undoes it."""
    answer = done.stdout.decode().removesuffix("\n")
    if wanted.idempotent:
        more = await _ask(wanted.run, answer, wanted, start)
        if more.stdout != done.stdout:
            why = f"{answers.told(done)}, and of that {answers.told(more)}"
            return [_failed(wanted, text, why)]
    if wanted.inverse:
        back = await _ask(wanted.inverse, answer, wanted, start)
        if back.stdout.removesuffix(b"\n") != text.encode().removesuffix(b"\n"):
            why = f"{answers.told(done)}, which leads back to {back.stdout[:200]!r}"
            return [_failed(wanted, text, why)]
    return []


def _unlike(wanted: Property, text: str, done: Finished, said: Finished) -> list[Found]:
    """Compare with the model's answer; the message does not show that."""
    if said.exit_code != 0:
        told = (said.stderr or b"no answer").decode(errors="replace").strip()[-200:]
        message = f"the model has no answer to {text[:200]!r}: {told}"
        return [found("error", "property-failed", message)]
    same = said.stdout == done.stdout
    return [] if same else [_failed(wanted, text, answers.told(done))]


def _failed(wanted: Property, text: str, why: str) -> Found:
    asked = " ".join(wanted.run)
    return found("fail", "property-failed", f"{asked}, asked {text[:200]!r}: {why}")
