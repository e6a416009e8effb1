"""Read the calls that a text states with what they give; pure.

Only what cannot be meant otherwise is read: a call of literals in backquotes, a verb
and a value in backquotes, in a sentence that speaks of nothing that was or is not.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL
)
_CODE = re.compile(r"`([^`\n]+)`")
_IS = re.compile(
    r"\s*(?:must |should |shall |will )?"
    r"(?:is|gives|give|returns|return|yields|becomes|equals|be|==?|->|=>|→)\s*",
)
_RAISES = re.compile(
    r"\s*(?:must |should |shall |will )?(?:raises?|throws?|is) (?:an? )?",
)
_WITHIN = re.compile(r"\s*(?:==|->|=>|→)\s*")
_ERROR = re.compile(r"[A-Z]\w*\Z")
_OTHERWISE = re.compile(
    r"\b(?:not|never|no longer|cannot|instead|rather|currently|today|now|still|was|were"
    r"|present(?:ly)?|at the moment|so far|already|existing|as of|returned|gave|raised"
    r"|used to|before|until|previously|formerly|old|legacy|wrong\w*|incorrect\w*|bug\w*"
    r"|broken|but|yet|actual\w*|fails?|failing|unless|except|later|phase"
    r"|if|when|whenever|after|once|given|while|with|without|where|mock\w*|then)\b|n't\b",
    re.IGNORECASE,
)
"""Words of a sentence that may tell of what was, must not be, or depends."""
_SENTENCE = re.compile(r"(?<=[.;!?:])\s+|\n\s*(?:[-*+]|\d+[.)]|\|)\s|\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call of literals, and what must come of it."""

    call: str
    """As it stands in the text."""
    name: str
    """Of the function, dotted where the text has it so."""
    args: str
    """``(args, keywords)`` as a Python literal."""
    expected: str
    """As it stands in the text: a value, or the name of an error."""
    raises: bool = False


def examples(text: str) -> tuple[Example, ...]:
    """Return every example of a text, once."""
    found = [*_prose(_FENCE.sub("\n\n", text)), *_sessions(text)]
    return tuple(dict.fromkeys(found))


def _prose(text: str) -> Iterator[Example]:
    for sentence in _sentences(text):
        if not _OTHERWISE.search(_CODE.sub("`", sentence)):
            yield from _sentence(sentence)


def _sentences(text: str) -> Iterator[str]:
    """Part a text into sentences; what stands in backquotes is never parted."""
    codes = _CODE.findall(text)
    for part in _SENTENCE.split(_CODE.sub("\0", text)):
        count = part.count("\0")
        mine, codes = codes[:count], codes[count:]
        for code in mine:
            part = part.replace("\0", f"`{code}`", 1)  # noqa: PLW2901 - put back
        yield part


def _sentence(sentence: str) -> Iterator[Example]:
    codes = list(_CODE.finditer(sentence))
    for at, code in enumerate(codes):
        parts = _WITHIN.split(code[1])
        if len(parts) == 2 and (found := _example(*parts)):  # noqa: PLR2004 - a pair
            yield found
        if at + 1 == len(codes):
            continue
        between = sentence[code.end() : codes[at + 1].start()]
        value = codes[at + 1][1]
        if _RAISES.fullmatch(between) and _ERROR.match(value):
            found = _example(code[1], value, raises=True)
        else:
            found = _example(code[1], value) if _IS.fullmatch(between) else None
        if found:
            yield found


def _sessions(text: str) -> Iterator[Example]:
    """Read the interpreter sessions of fenced blocks, line by line."""
    for block in _FENCE.finditer(text):
        above = text[: block.start()].rstrip().rpartition("\n\n")[2]
        if ">>>" not in block[2] or _OTHERWISE.search(_CODE.sub("`", above)):
            continue
        from doctest import DocTestParser  # it brings a debugger and unittest

        try:
            lines = DocTestParser().get_examples(block[2])
        except ValueError:
            continue
        for line in lines:
            want = line.want.strip()
            if want and line.exc_msg is None and "..." not in want:
                found = _example(line.source.strip(), want)
                if found:
                    yield found


def _example(call: str, value: str, *, raises: bool = False) -> Example | None:
    node = _parsed(call.strip())
    if not isinstance(node, ast.Call) or "..." in value or "…" in value:
        return None
    name = _dotted(node.func)
    try:
        args = [ast.literal_eval(a) for a in node.args]
        told = {k.arg: ast.literal_eval(k.value) for k in node.keywords if k.arg}
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None
    if not name or not (args or told) or len(told) != len(node.keywords):
        return None  # what a call without arguments gives depends on something else
    return Example(
        call=call.strip(),
        name=name,
        args=repr((args, told)),
        expected=value.strip(),
        raises=raises,
    )


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        above = _dotted(node.value)
        return f"{above}.{node.attr}" if above else ""
    return node.id if isinstance(node, ast.Name) else ""


def met(expected: str, answer: str) -> bool | None:
    """Say whether a ``repr`` is what a text states; None where they cannot be compared.

    Lists and tuples are one, and a number is as exact as the text has it.
    """
    try:
        got = ast.literal_eval(answer)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    if str(got) == expected:
        return True
    try:
        wanted = ast.literal_eval(expected)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False if isinstance(got, str) and _is_plain(expected) else None
    return _same(wanted, got)


def _is_plain(text: str) -> bool:
    """Say whether a text in backquotes can only be the characters of an answer.

    A word that could be a name may stand for a value.
    """
    plain = re.fullmatch(r"[^\s\"'()\[\]{}<>|]+", text)
    return bool(plain) and not re.fullmatch(r"[\w.]+", text)


def _same(wanted: object, got: object) -> bool:
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        pairs = zip(wanted, got, strict=False)
        return len(wanted) == len(got) and all(_same(a, b) for a, b in pairs)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(
            _same(value, got[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, float) and isinstance(got, int | float):
        digits = len(repr(wanted).partition(".")[2])
        return abs(wanted - got) <= 0.5 * 10.0**-digits + 1e-12
    return wanted == got
