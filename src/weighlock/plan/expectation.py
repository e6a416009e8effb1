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


_NW = rf"(\d+(?:,\d{{3}})*(?:\.\d+)?|(?:{'|'.join(_NUMBERS)})\b)"
_LEAD = _re(
    r"""\A[^\w\s`'"(<>=≥≤~≈\[{$\\/.@-]*\s*(?:(?:the|this|grep|rg|command|output|result|stdout|it
      |tests?|count|number|value|total|a|script|run|suite)\s+(?!\d+\s+pass))*
    (?:(?:should|must|shall|will|to|is|are|was|of|be|expects?|expected|return|print|output
      |show|find|give|yield|produce|report|equal|display)(?:s|ed)?(?:\s+|:\s*|\s*=+\s*)
      |(?:count|=+)\s*[:=]+\s*|[:=]+\s*)*"""
)
"""Words before what matters: "the command should print", "count is", "✓"."""
_EXIT = _re(
    r"""\b(?:(?:exit(?:s|ed)?|returns?)(?:\s+with)?(?:\s+an?)?(?:\s+exit)?\s+(?:code|status)
      |exit(?:s|ed)?(?:\s+with)?|rc|exit_code|return\s*code)\s*(?:is|of|was|[=:]+)?\s*
    (?P<code>\d{1,3})(?![\w.])|(?<!non-)(?<!non)(?P<zero>\bzero)\s+exit\b"""
)
_NOT_ZERO = _re(
    r"\bnon-?zero\b|\b(?:code|status|rc|exit)\s*(?:!=|≠|<>|(?:is\s+|must\s+)?(?:not|other\s+than)(?:\s+be)?)\s*(?:0|zero)\b"
)
_FAIL = _re(
    r"""\A(?:currently\s+|still\s+|to\s+|must\s+|should\s+)?fail(?:s|ed|ures?|ing)?\b(?!\s+count)
    |\btests?\b[^.;]{0,60}?\b(?:fail|fails|failing)\b
    |\b(?:must|should|will|to|most|many|all|they|and|but|naturally|command|build|it)\s+fails?\b
    |\bfails?\s+(?:before|naturally|with|until|because|since|as|due)\b
    |\A[1-9]\d*\s+(?:tests?\s+)?(?:fail(?:s|ed|ing|ures?)?|errors?)\b
    |\Ared\b|\bred\s+\(|(?:\bnot|n't)\s+(?:yet\s+)?(?:pass|succeed|compile|build)\b
    |\bcompil\w+\s+(?:fail|error)|\A(?:errors\s+out|crash(?:es)?|an?\s+error|throws)\b"""
)
_NOT_FAIL = _re(
    r"""\b(?:no|zero|0|without|not|never|don'?t|doesn'?t)\s+(?:\w+\s+){0,2}?fail
    |\bif\s+(?:any|it|tests?)\b[^.;]*fail|\ball\b[^.;]{0,40}\bpass
    |\bpass\w*\s+(?:or|and|/)\s+fail"""
)
_RANGE = _re(
    rf"\A(?:about\s+|approximately\s+|between\s+|from\s+)?{_N}\s*(?:-|–|to|and|or)\s*{_N}(?![\w.]*[.\d]*-\d)\b"
)
_MIN = (
    _re(rf"\A{_N}\s*(?:%\s*)?\+"),
    _re(rf"\A(?:>=|≥|=>)\s*{_N}"),
    _re(
        rf"\b(?:at\s+least|minimum(?:\s+of)?|min\.?|(?:no|not)\s+(?:fewer|less)\s+than)\s+{_NW}"
    ),
    _re(rf"\A{_NW}\s+(?:[\w-]+\s+)?or\s+more\b"),
    _re(rf"[:=]\s*(?:>=|≥)\s*{_N}"),
)
_MORE = _re(rf"\A(?:>|(?:be\s+)?(?:more|greater)\s+than|over)\s*{_N}")
_MAX = (
    _re(rf"\A(?:be\s+)?(?:<=|≤)\s*{_N}"),
    _re(
        rf"\b(?:at\s+most|max(?:imum)?(?:\s+of)?|(?:no|not)\s+more\s+than|up\s+to)\s+{_NW}"
    ),
    _re(rf"\A{_NW}\s+(?:or\s+(?:fewer|less)|max(?:imum)?|at\s+most)\b"),
)
_LESS = _re(rf"\A(?:be\s+)?(?:<|(?:less|fewer)\s+than|under|below)\s*{_N}")
_NONE = _re(
    r"""\A(?:[`'"]?(?:empty|nothing|none|blank)\b
    |(?:should\s+)?(?:return|print|output|find|show|be)s?\s+(?:nothing|empty|no\b)
    |no\s+(?:new\s+)?(?:match|output|result|hit|occurrence|line|file|diff|change|reference
      |import|marker|finding|violation|todo|stale|leftover|usage|entr|alias|mention)
    |not\s+found|nothing\b|clean\b.{0,20}\bno\b|(?:0|zero)\s+(?:matches|occurrences|files
      |results|hits|lines|references|usages|imports|changes|instances|output)
    |[`'"]?(?:no\s+)?(?:output|matches):?\s+(?:none|empty)|no\s+aliases
    |\((?:empty|none|no\s+\w+)\)|no\s+(?:such|more|remaining)\s+(?:match|reference|line|hit|usage)
    |absent\b|(?:do(?:es)?\s+)?(?:not|n't)\s+(?:be\s+)?(?:match|appear|find\s+any|show|print))"""
)
_ABSENT = _re(
    r"""\A(?:the\s+)?(?:[\w./-]+\s+){0,2}?(?:(?:do(?:es)?\s+)?not\s+(?:be\s+)?(?:exist|present|found|there)
    |doesn'?t\s+(?:exist|match|appear)|no\s+longer\s+(?:exist|appear|present)|gone\b|removed\b|absent\b)
    |\A(?:[\w./-]+:\s+)?no\s+such\s+file"""
)
"""That something is not there: what a search, or ``ls``, then does differs."""
_SPARED = _re(
    r"\b(?:except|other\s+than|apart\s+from|besides|aside\s+from|unless\s+in|or\s+only)\b"
)
_SEARCH = _re(r"\A(?:!\s*)?(?:git\s+grep|e?grep|rg|ag|ack|find|fd)\b(?!.*\|\s*wc\b)")
_LISTS = _re(r"\A(?:ls|stat|cat|head|file)\b")
_PASS = _re(
    r"""\A(?:[`'"*]*(?:pass(?:es|ed|ing)?|success(?:ful(?:ly)?)?|succeeds?|succeed|ok|green)\b
    |(?:no|zero|0|without)\s+(?:\w+\s+){0,3}?(?:errors?|failures?|warnings?|regressions?|problems?|issues?|diagnostics?)
    |(?:all|every|existing|full|build|builds|compiles?|compilation|type-?checks?|lints?|clean
      |tests?|suite|exits?\s+0|\d+/\d+|core|snapshot|\d+\s+(?:\w+\s+)?tests?)\b.{0,60}?
      \b(?:pass(?:es|ed|ing)?|succeeds?|succeeded|success\w*|green|clean(?:ly)?|ok|no\s+errors|compiles?)\b
    |(?:compiles?|builds?|type-?checks?)(?:\s+(?:(?!fail|err)\w+\s*){0,3})?\Z
    |(?:clean|valid|✅|✓|✔)\Z|(?:\d+|n|100\s?%)\s+(?:tests?\s+)?pass(?:ed|ing|es)?\b
    |(?:still|everything|should|must|will)\s+(?:pass|succeed|compile|build|work)(?:s|es|ed)?\b
    |(?:0|zero|none)\s+(?:tests?\s+)?fail(?:s|ed|ing)?\b|(?:never|not|n't)\s+(?:fail|crash|break)
    |(?:do(?:es)?|should|must|will)\s+not\s+(?:fail|crash|break)
    |(?:runs?|completes?|finish\w*|works?)\s+(?:success|clean|fine|correctly)
    |(?:runs?|completes?|finish\w*|exits?|works?)\s+(?:without|with\s+no)\s+(?:\w+\s+)?(?:error|fail|warning)
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
        rf"\A(?:be\s+|exactly\s+|equals?\s+|returns?\s+|==?\s*)*[`'\"]?{_N}[`'\"]?(?!\.\d)\s*(?:\Z|[(.,;:—–→-]|(?:total|altogether)\b|{_UNIT}\b)"
    ),
    _re(rf"\bexactly\s+{_N}\b"),
)
_WORD_COUNT = _re(
    rf"\A(?:exactly\s+|only\s+|an?\s+)*({'|'.join(_NUMBERS)}|single)\s+{_UNIT}\b"
)
_MULTIPLE = _re(
    r"""\A(?:multiple|several|many|some|one\s+or\s+more|non-?empty|not\s+(?:be\s+)?empty
    |an?\s+match)\b|\A(?:match(?:es)?|results|hits)(?:\s+(?:found|exist|present|shown|returned))?\.?\Z"""
)
_HEDGED = _re(
    r"""\A(?:~|about\b|around\b|approx|roughly|only\b)|\bor\s+each\b|\bof\s+total\b|≈|\b(?:may|might)\b
    |\A(?:\d+|one|two|three)\s+(?:\w+\s+){0,2}(?:per|for\s+e(?:ach|very)|in\s+e(?:ach|very))\b|\bonly\s+in\b(?!.*\bno\b)"""
)
_LITERAL = _re(
    r"""\A(?!n/a\Z)(?=\S*[A-Za-z])(?=\S*[-_/=:{}@.])[^\s`'\"]{3,}\Z|\A[{\[].*[}\]]\Z
    |\A(?:true|false|null)\Z|\Av?\d+(?:\.\d+){2,}[\w.-]*\Z"""
)
"""One token that is no plain word, or JSON: what is printed, letter for letter."""
_PRINTS = _re(
    r"""\A(?:(?:the\s+)?(?:command|output|stdout|it)\s+)?(?:should\s+|must\s+)?
    (?:print|output|echo)(?:s|es)?\s+[`'"]?(\S+?)[`'"]?\.?\Z"""
)
"""One word after a verb of printing."""
_PARENS = re.compile(r"\([^()]*\)")
_NO = _re(r"no\s+(?!errors?\b|failures?\b|warnings?\b|(?:fewer|less|more)\s+than)\S")
_EITHER = _re(r"\bpass\w*\s*(?:or|/)\s*fail")
_EACH = _re(r"\A\w+\s+(?:\w+\s+){0,2}(?:per|for\s+e(?:ach|very)|in\s+e(?:ach|very))\b")
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
    lead = _LEAD.match(plain)
    core = plain[lead.end() :] if lead else plain
    found = _decided(plain, core, command) or _presence(text) or _presence(core)
    form, value = found or ("prose", text)
    return Expectation(form=form, value=value, text=text)


def _decided(plain: str, core: str, command: str) -> _Found:
    """Return what the first reader finds, in the author's words or their core."""
    for reader in _READERS:
        found = reader(plain, command) or (reader(core, command) if core else None)
        if found is not None:
            return found
    return None


def _number(text: str) -> float:
    words = text.lower()
    if words == "single":
        return 1.0
    return (
        float(_NUMBERS[words]) if words in _NUMBERS else float(words.replace(",", ""))
    )


def _exit(plain: str, command: str) -> _Found:
    del command
    if _NOT_ZERO.search(plain):
        return ("fail", None)
    found = _EXIT.search(_PARENS.sub("", plain))
    return ("exit", _number(found["code"] or "0")) if found else None


def _failure(plain: str, command: str) -> _Found:
    if not _FAIL.search(plain) or _NOT_FAIL.search(plain) or _SEARCH.search(command):
        return None
    return ("fail", None)


def _amount(plain: str, command: str) -> _Found:
    """Read a range, a lower or an upper bound."""
    if found := _RANGE.search(_PARENS.sub("", plain)):
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
    return (
        ("min", 1.0) if _MULTIPLE.search(plain) and not _TOOLS.search(command) else None
    )


def _nothing(plain: str, command: str) -> _Found:
    if _SPARED.search(_PARENS.sub("", plain)):
        return None
    if _ABSENT.search(plain):
        if _SEARCH.search(command):
            return ("none", None)
        return ("fail", None) if _LISTS.search(command) else None
    if _SEARCH.search(command) and _NO.match(plain):
        return ("none", None)
    if _NONE.search(plain) and not (_TOOLS.search(command) and _PASS.search(plain)):
        return ("none", None)
    return None


def _success(plain: str, command: str) -> _Found:
    del command
    outside = _PARENS.sub("", plain)
    if _EITHER.search(plain) or _HEDGED.search(outside) or _SPARED.search(outside):
        return None
    return ("pass", None) if _PASS.search(plain) else None


def _exact(plain: str, command: str) -> _Found:
    del command
    if found := _WORD_COUNT.search(plain):
        return None if _EACH.search(plain) else ("exact", _number(found[1]))
    if _HEDGED.search(_PARENS.sub("", plain)):
        return None
    if found := _ALL_N.search(plain):
        return ("exact", _number(found[1]))
    for pattern in _EXACT:
        if found := pattern.search(plain):
            return ("exact", _number(found[1]))
    return None


def _presence(text: str) -> _Found:
    plain = text.strip("`*_ ").strip()
    if _LITERAL.search(plain):
        return ("contains", plain)
    if (said := _PRINTS.search(plain)) and not _HEDGED.search(plain):
        return ("contains", said[1])
    if (
        _HEDGED.search(plain)
        or _ABSENT.search(plain)
        or not (_EXISTS.search(plain) or _EXISTS.search(text))
    ):
        return None
    quoted = re.findall(r"`([^`]+)`|\"([^\"]+)\"", text)
    return ("contains", quoted[0][0] or quoted[0][1] if quoted else None)


_READERS = (_exit, _failure, _amount, _nothing, _success, _exact)
