"""Read what a command showed against what the plan expects, as data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from weighlock.checks.reading import shellwords
from weighlock.plan.model import Command, Expectation, Form
from weighlock.process import Finished

Answer = Literal["met", "unmet", "error", "unclear", "vacuous"]
"""error: the command could not look · unclear: a person must read it."""

_LISTS = frozenset(
    [
        "grep",
        "egrep",
        "fgrep",
        "rg",
        "ag",
        "ack",
        "find",
        "fd",
        "ls",
        "wc",
        "comm",
        "diff",
        "cat",
        "awk",
        "sed",
        "sort",
        "uniq",
        "head",
        "tail",
        "cut",
        "tr",
        "jq",
        "tree",
    ]
)
_GREPS = frozenset({"grep", "egrep", "fgrep", "rg", "ag", "ack"})
_GIT_LISTS = frozenset({"diff", "status", "log", "grep", "ls-files", "show", "stash"})
_DEFERRED = re.compile(
    r"TODO|FIXME|XXX|HACK|NotImplemented|NotYetImplemented|todo!|unimplemented!"
    r"|console\.log|debugger|placeholder|for now",
    re.IGNORECASE,
)
_NO_SUCH_COMMAND = 127
_NOT_EXECUTABLE = 126
GREP_TROUBLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a finished command says about an expectation."""

    answer: Answer
    message: str


_Reader = Callable[[Command, Finished], Reading]


def read(command: Command, done: Finished) -> Reading:
    """Compare; the forms and their values are those of ``Expectation``."""
    trouble = _trouble(command, done)
    if trouble:
        return trouble
    if looks_at_nothing(command.text):
        return Reading(
            answer="vacuous",
            message="looks at uncommitted changes; in a fresh checkout there are none",
        )
    reading = _READERS[command.expect.form](command, done)
    if reading.answer == "unmet" and _is_shown(command.expect, done):
        return Reading(answer="met", message=f"shows {command.expect.text}")
    return reading


def _is_shown(expected: Expectation, done: Finished) -> bool:
    """Say whether words in backquotes, read as a number of lines, stand there."""
    quoted = re.fullmatch(r"`(\d+ [^`]*\w)`", expected.text.strip())
    numbers = expected.form in {"exact", "min", "max"}
    if quoted is None or not numbers:
        return False
    words = rf"(?<![\w.-]){re.escape(quoted[1])}(?!\w)"
    return bool(re.search(words, done.stdout.decode(errors="replace")))


def _trouble(command: Command, done: Finished) -> Reading | None:
    """Tell a command that could not look from one that looked."""
    said = _tail(done)
    if done.exit_code in {_NO_SUCH_COMMAND, _NOT_EXECUTABLE} or done.missing:
        return Reading(answer="error", message=f"could not be started: {said}")
    grep = _is(command.text, _GREPS)
    if grep and done.exit_code == GREP_TROUBLE and not done.stdout:
        return Reading(answer="error", message=f"could not look: {said}")
    return None


def looks_at_nothing(text: str) -> bool:
    """Say whether a command asks git for changes that are not committed yet."""
    first = shellwords.parts(text)
    if not first or first[0].program != "git" or len(first[0].words) == 1:
        return False
    verb, rest = first[0].words[1], list(first[0].words[2:])
    if verb in {"status", "stash"}:
        return True
    if "--" in rest:
        rest = rest[: rest.index("--")]
    revisions = [w for w in rest if not w.startswith("-") and not _is_path(w)]
    return verb == "diff" and (not revisions or revisions == ["HEAD"])


def _is_path(word: str) -> bool:
    return ".." not in word and bool(re.search(r"[*]|\.\w+$|/$", word))


def count(command: str, done: Finished) -> float:
    """Return the number a command came to: what ``wc`` or ``-c`` says, else lines."""
    text = done.stdout.decode(errors="replace").strip()
    last = shellwords.last(command)
    tells = last.program == "wc" or any(
        re.fullmatch(r"-\w*c\w*|--count", w) for w in last.words[1:]
    )
    numbers = re.findall(r"(?m)(?:^|:)\s*(\d+)\s*(?:$|\s)", text)
    if numbers and (tells and (last.program in {*_GREPS, "wc"} or "git" in last.words)):
        return _sum(last, numbers)
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    return float(sum(1 for line in text.splitlines() if line.strip()))


def _sum(last: shellwords.Part, numbers: list[str]) -> float:
    values = [float(n) for n in numbers]
    return values[-1] if last.program == "wc" else sum(values)


def _is_list(text: str) -> bool:
    """Say whether a command's lines are what it found."""
    last = shellwords.last(text)
    if last.program == "git":
        return len(last.words) > 1 and last.words[1] in _GIT_LISTS
    return last.program in _LISTS


def _is(text: str, names: frozenset[str]) -> bool:
    return shellwords.last(text).program in names


def _none(command: Command, done: Finished) -> Reading:
    if not _is_list(command.text):
        return _exits(done, 0)
    number = count(command.text, done)
    if number == 0:
        return Reading(answer="met", message="nothing found, as expected")
    return _unmet(f"expected nothing, found {number:g}", done)


def _number(name: str, fits: Callable[[float, Expectation], bool]) -> _Reader:
    def compare(command: Command, done: Finished) -> Reading:
        expected = command.expect.value
        if isinstance(expected, str) or expected is None:
            return _text(command, done)
        number = count(command.text, done)
        shown = "–".join(f"{v:g}" for v in _values(expected))
        if fits(number, command.expect):
            return Reading(answer="met", message=f"{number:g} found, {name} {shown}")
        return _unmet(f"expected {name} {shown}, found {number:g}", done)

    return compare


def _values(value: float | tuple[float, float]) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def _low(expect: Expectation) -> float:
    value = expect.value
    return value[0] if isinstance(value, tuple) else float(value or 0)


def _high(expect: Expectation) -> float:
    value = expect.value
    return value[1] if isinstance(value, tuple) else float(value or 0)


def _text(command: Command, done: Finished) -> Reading:
    wanted = str(command.expect.value or "").strip()
    got = done.stdout.decode(errors="replace").strip()
    if got == wanted:
        return Reading(answer="met", message="printed exactly what was expected")
    return _unmet(f"expected exactly {wanted!r}", done)


def _contains(command: Command, done: Finished) -> Reading:
    if command.expect.value is None:
        return _present(done)
    wanted = str(command.expect.value)
    got = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
    if wanted in got:
        return Reading(answer="met", message=f"printed {wanted!r}")
    return _unmet(f"expected {wanted!r} in the output", done)


def _present(done: Finished) -> Reading:
    """Something is said to be there, in no words that could be looked for."""
    if done.exit_code == 0:
        return Reading(answer="met", message="it is there: exit code 0")
    return _unmet("expected to find it", done)


def _exit(command: Command, done: Finished) -> Reading:
    value = command.expect.value
    return _exits(done, int(value) if isinstance(value, int | float) else 0)


def _passes(command: Command, done: Finished) -> Reading:
    del command
    return _exits(done, 0)


def _exits(done: Finished, wanted: int) -> Reading:
    if done.exit_code == wanted:
        return Reading(answer="met", message=f"exit code {wanted}")
    return _unmet(f"expected exit code {wanted}, got {done.exit_code}", done)


def _fail(command: Command, done: Finished) -> Reading:
    del command
    if done.exit_code is not None and done.exit_code > 0:
        return Reading(answer="met", message=f"failed ({done.exit_code}), as expected")
    if done.exit_code == 0:
        return _unmet("expected to fail, and it succeeded", done)
    return Reading(answer="error", message="ended by a signal")


def _default(command: Command, done: Finished) -> Reading:
    plain = not command.text.lstrip().startswith("!")  # else it says what it expects
    if plain and _is(command.text, _GREPS) and _DEFERRED.search(command.text):
        return _deferred(done)
    return _exits(done, 0)


def _deferred(done: Finished) -> Reading:
    """A search for words such as TODO without a word on what is expected."""
    if done.exit_code == 1:
        return Reading(answer="met", message="nothing found")
    return Reading(
        answer="unclear",
        message="found something; the plan does not say whether that is right",
    )


_LITERAL = 4
"""Characters below which words may be in any output by chance."""


def _prose(command: Command, done: Finished) -> Reading:
    words = command.expect.text or str(command.expect.value or "")
    # Words that the output holds letter for letter were meant literally.
    if len(words) >= _LITERAL and words.encode() in done.stdout:
        return Reading(answer="met", message=f"printed {words!r}")
    return Reading(
        answer="unclear",
        message=f"exit code {done.exit_code}; a person must read: {words}",
    )


def _unmet(message: str, done: Finished) -> Reading:
    said = _tail(done)
    return Reading(answer="unmet", message=f"{message}: {said}" if said else message)


def _tail(done: Finished) -> str:
    text = (done.stderr.strip() or done.stdout.strip()).decode(errors="replace")
    return text.splitlines()[-1][:200] if text else ""


_READERS: Mapping[Form, _Reader] = {
    "none": _none,
    "min": _number("at least", lambda n, e: n >= _low(e)),
    "max": _number("at most", lambda n, e: n <= _low(e)),
    "exact": _number("exactly", lambda n, e: n == _low(e)),
    "range": _number("within", lambda n, e: _low(e) <= n <= _high(e)),
    "exit": _exit,
    "pass": _passes,
    "fail": _fail,
    "contains": _contains,
    "prose": _prose,
    "default": _default,
}
