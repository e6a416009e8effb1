"""What a plan says of a command's outcome → data that can be decided by a machine.

Read in this order: an exit code that is named, a failure that is wanted, a number, that
nothing is to be found, that it succeeds, words that must be there.  What is left is
``prose``: a person or a reviewer decides it.
"""

import re

from weighlock.plan.model import Expectation, Form

_Found = tuple[Form, float | str | tuple[float, float] | None] | None

_LONG = 400
_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight")
_NUMBERS = {name: n for n, name in enumerate((*_NAMES, "nine", "ten"))}
_UNIT = (
    r"(?:[\w.*@/-]+\s+){0,3}?(?:occurrences?|match(?:es)?|files?|lines?|results?|hits?"
    r"|markers?|tests?|assertions?|references?|entries|instances?|times|calls?|usages?"
    r"|imports?|exports?|errors?|warnings?|test cases|cases|sections?|items?|changes?"
    r"|rows?|definitions?|methods?|functions?|words?|modules?|packages?|commits?)"
)
_N = r"(\d+(?:,\d{3})*(?:\.\d+)?)"


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_EXIT = _re(r"\b(?:exit(?:\s+(?:code|status))?|status|rc)\s*(?:is|of|=|:)?\s*(\d+)\b")
_FAIL = _re(
    r"""\A(?:currently\s+|still\s+|to\s+|must\s+|should\s+)?fail(?:s|ed|ures?|ing)?\b(?!\s+count)
    |\btests?\b[^.;]{0,60}?\b(?:fail|fails|failing)\b
    |\b(?:must|should|will|to|most|many|all|they|and|but|naturally)\s+fail\b
    |\bfails?\s+(?:before|naturally|with|until|because|since|as|due)\b
    |\Ared\b|\bred\s+\(|\bnon-?zero\b|\bnot\s+pass\b|\bcompil\w+\s+fail"""
)
_NOT_FAIL = _re(
    r"""\b(?:no|zero|0|without|not|never|don'?t|doesn'?t)\s+(?:\w+\s+){0,2}?fail
    |\bif\s+(?:any|it|tests?)\b[^.;]*fail|\ball\b[^.;]{0,40}\bpass"""
)
_RANGE = _re(
    rf"\A(?:about\s+|approximately\s+|between\s+)?{_N}\s*(?:-|–|to|and)\s*{_N}(?![\w.]*[.\d]*-\d)\b"
)
_MIN = (
    _re(rf"\A{_N}\s*(?:%\s*)?\+"),
    _re(rf"\A(?:>=|≥|=>)\s*{_N}"),
    _re(
        rf"\b(?:at\s+least|minimum(?:\s+of)?|min\.?|no\s+(?:fewer|less)\s+than)\s+{_N}"
    ),
    _re(rf"\A{_N}\s+(?:[\w-]+\s+)?or\s+more\b"),
    _re(rf"[:=]\s*(?:>=|≥)\s*{_N}"),
)
_MORE = _re(rf"\A(?:>|(?:be\s+)?(?:more|greater)\s+than|over)\s*{_N}")
_MAX = (
    _re(rf"\A(?:be\s+)?(?:<=|≤)\s*{_N}"),
    _re(rf"\b(?:at\s+most|maximum(?:\s+of)?|no\s+more\s+than|up\s+to)\s+{_N}"),
    _re(rf"\A{_N}\s+or\s+(?:fewer|less)\b"),
)
_LESS = _re(rf"\A(?:be\s+)?(?:<|(?:less|fewer)\s+than|under|below)\s*{_N}")
_NONE = _re(
    r"""\A(?:[`'"]?(?:empty|nothing|none|blank)\b
    |(?:should\s+)?(?:return|print|output|find|show|be)s?\s+(?:nothing|empty|no\b)
    |no\s+(?:new\s+)?(?:match|output|result|hit|occurrence|line|file|diff|change|reference
      |import|marker|finding|violation|todo|stale|leftover|usage|entr|alias|mention)
    |not\s+found|nothing\b|clean\b.{0,20}\bno\b|(?:0|zero)\s+(?:matches|occurrences|files
      |results|hits|lines|references|usages|imports|changes|instances|output)
    |[`'"]?(?:no\s+)?(?:output|matches):?\s+(?:none|empty)|no\s+aliases)"""
)
_PASS = _re(
    r"""\A(?:[`'"*]*(?:pass(?:es|ed|ing)?|success(?:ful(?:ly)?)?|succeeds?|succeed|ok|green)\b
    |(?:no|zero|0|without)\s+(?:\w+\s+){0,3}?(?:errors?|failures?|warnings?|regressions?|problems?)
    |(?:all|every|existing|full|build|builds|compiles?|compilation|type-?checks?|lints?|clean
      |tests?|suite|exits?\s+0|\d+/\d+|core|snapshot|\d+\s+(?:\w+\s+)?tests?)\b.{0,60}?
      \b(?:pass(?:es|ed|ing)?|succeeds?|succeeded|success\w*|green|clean(?:ly)?|ok|no\s+errors|compiles?)\b
    |(?:compiles?|builds?|type-?checks?)(?:\s+(?:\w+\s*){0,3})?\Z
    |(?:clean|valid)\Z
    |compiles?\s+(?:without|with\s+no)\b|build\s+succe)"""
)
_EXISTS = _re(
    r"""\A(?:(?:the\s+)?(?:[\w./-]+\s+){0,3}?(?:exists?|present|found|listed|installed|available)\b
    |(?:(?:the\s+)?(?:command|output|stdout|result|it)\s+)?(?:should\s+|must\s+|will\s+)?
      (?:show|contain|include|display|print|list)s?\b|[`'"].+[`'"]|(?:all|both|each)\b.{0,40}\b(?:present|exist|found)
    |.{1,80}?\b(?:is\s+)?(?:present|exists?)\b)"""
)
_ALL_N = _re(
    r"\A(?:all\s+)?(\d+|two|three|four|five|six|seven|eight|nine|ten)\s+(?:\w+\s+)?(?:found|present|matches)\b"
)
_EXACT = (
    _re(
        rf"\A(?:be\s+|exactly\s+|equals?\s+|returns?\s+|==?\s*)*[`'\"]?{_N}[`'\"]?\s*(?:\Z|[(.,;—–-]|{_UNIT}\b)"
    ),
    _re(rf"\bexactly\s+{_N}\b"),
)
_WORD_COUNT = _re(rf"\A(?:exactly\s+|only\s+)*({'|'.join(_NUMBERS)})\s+{_UNIT}\b")
_MULTIPLE = _re(
    r"\A(?:multiple|several|many|some|one\s+or\s+more|non-?empty|at\s+least\s+one)\b"
)
_HEDGED = _re(
    r"\A(?:~|about\b|around\b|approx|roughly|only\b)|\bor\s+each\b|\bof\s+total\b|\bonly\s+in\b(?!.*\bno\b)"
)
_LITERAL = _re(
    r"\A(?!n/a\Z)(?=\S*[A-Za-z])(?=\S*[-_/=:{}@.])[^\s`'\"]{3,}\Z|\A[{\[].*[}\]]\Z"
)
"""One token that is no plain word, or JSON: what is printed, letter for letter."""
_PRINTS = _re(
    r"""\A(?:(?:the\s+)?(?:command|output|stdout|it)\s+)?(?:should\s+|must\s+)?
    (?:print|output|echo)(?:s|es)?\s+[`'"]?(\S+?)[`'"]?\.?\Z"""
)
"""One word after a verb of printing."""
_COUNTS = _re(r"(?:\bwc\s+-\w+|\bgrep\s+(?:-\w+\s+)*-\w*c|--count\b|\brg\s.*-c\b)")
_TOOLS = _re(
    r"""(?:\A|[;&|]\s*|\s)(?:npm|npx|pnpm|yarn|tsc|cargo|pytest|go\s+(?:test|build|vet)
    |eslint|vitest|jest|mypy|ruff|make|mvn|gradle|node|python3?|bash|dotnet|bun|deno)\b"""
)


def read_expectation(said: str, command: str = "") -> Expectation:
    """Return what the words mean; ``command`` settles words such as ``0``."""
    text = " ".join(said[:_LONG].split())
    if not text:
        return Expectation()
    plain = text.strip("`*_ ").strip()
    for reader in (_exit, _failure, _amount, _nothing, _success, _exact, _presence):
        found = reader(plain, text, command)
        if found is not None:
            form, value = found
            return Expectation(form=form, value=value, text=text)
    return Expectation(form="prose", value=text, text=text)


def _number(text: str) -> float:
    words = text.lower()
    return (
        float(_NUMBERS[words]) if words in _NUMBERS else float(words.replace(",", ""))
    )


def _exit(plain: str, text: str, command: str) -> _Found:
    del text, command
    found = _EXIT.search(plain)
    return ("exit", _number(found[1])) if found else None


def _failure(plain: str, text: str, command: str) -> _Found:
    del text, command
    if _FAIL.search(plain) and not _NOT_FAIL.search(plain):
        return ("fail", None)
    return None


def _amount(plain: str, text: str, command: str) -> _Found:
    """Read a range, a lower or an upper bound."""
    del text, command
    if found := _RANGE.search(plain):
        return ("range", (_number(found[1]), _number(found[2])))
    for pattern in _MIN:
        if found := pattern.search(plain):
            return ("min", _number(found[1]))
    if found := _MORE.search(plain):
        return ("min", _number(found[1]) + 1)
    for pattern in _MAX:
        if found := pattern.search(plain):
            return ("max", _number(found[1]))
    if found := _LESS.search(plain):
        return ("max", _number(found[1]) - 1)
    return ("min", 1.0) if _MULTIPLE.search(plain) else None


def _nothing(plain: str, text: str, command: str) -> _Found:
    del text
    if _NONE.search(plain) and not (_TOOLS.search(command) and _PASS.search(plain)):
        return ("none", None)
    return None


def _success(plain: str, text: str, command: str) -> _Found:
    del text, command
    if _HEDGED.search(plain):
        return None
    return ("pass", None) if _PASS.search(plain) else None


def _exact(plain: str, text: str, command: str) -> _Found:
    del text, command
    if _HEDGED.search(plain):
        return None
    if (found := _ALL_N.search(plain)) or (found := _WORD_COUNT.search(plain)):
        return ("exact", _number(found[1]))
    for pattern in _EXACT:
        if found := pattern.search(plain):
            return ("exact", _number(found[1]))
    return None


def _presence(plain: str, text: str, command: str) -> _Found:
    del command
    if _LITERAL.search(plain):
        return ("contains", plain)
    if (said := _PRINTS.search(plain)) and not _HEDGED.search(plain):
        return ("contains", said[1])
    if _HEDGED.search(plain) or not (_EXISTS.search(plain) or _EXISTS.search(text)):
        return None
    quoted = re.findall(r"`([^`]+)`|\"([^\"]+)\"", text)
    return ("contains", quoted[0][0] or quoted[0][1] if quoted else None)
