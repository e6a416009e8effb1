"""Which language a file is in, by its name, and how it writes comments and strings."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

Language = Literal["python", "javascript", "typescript", "tsx", "rust", "go", "java"]
"""Languages whose syntax is known; JavaScript includes JSX."""

LARGEST = 2_000_000
"""Bytes of a text that is parsed; what is longer was not written by hand."""

_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(["py", "pyi"], "python"),
    **dict.fromkeys(["js", "cjs", "mjs", "jsx"], "javascript"),
    **dict.fromkeys(["ts", "cts", "mts"], "typescript"),
    "tsx": "tsx",
    "rs": "rust",
    "go": "go",
    "java": "java",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexis:
    """How a family of languages writes comments and strings."""

    line: tuple[str, ...] = ()
    block: tuple[tuple[str, str], ...] = ()
    quotes: tuple[str, ...] = ('"', "'")


_C = Lexis(line=("//",), block=(("/*", "*/"),), quotes=('"',))
_JS = Lexis(line=("//",), block=(("/*", "*/"),), quotes=('"', "'", "`"))
_HASH = Lexis(line=("#",))
_LEXES: dict[str, Lexis] = {
    **dict.fromkeys(
        ["js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "vue", "svelte"], _JS
    ),
    **dict.fromkeys(
        [
            "rs",
            "c",
            "h",
            "cc",
            "cpp",
            "hpp",
            "java",
            "kt",
            "kts",
            "scala",
            "swift",
            "cs",
        ],
        _C,
    ),
    "go": Lexis(line=("//",), block=(("/*", "*/"),), quotes=('"', "`")),
    "php": Lexis(line=("//", "#"), block=(("/*", "*/"),)),
    "css": Lexis(block=(("/*", "*/"),)),
    **dict.fromkeys(
        [
            "py",
            "pyi",
            "sh",
            "bash",
            "rb",
            "yml",
            "yaml",
            "toml",
            "ini",
            "cfg",
            "ex",
            "exs",
            "mk",
        ],
        _HASH,
    ),
    "sql": Lexis(line=("--",), block=(("/*", "*/"),), quotes=("'",)),
    "lua": Lexis(line=("--",)),
    **dict.fromkeys(["html", "xml"], Lexis(block=(("<!--", "-->"),), quotes=('"',))),
}

TEST_FOLDERS = frozenset({"tests", "test", "__tests__", "e2e", "testing", "spec"})
"""Folders of tests, in lower case; what lies below may be material of theirs."""
_TEST_NAME = re.compile(
    r"(test_.+|.+_test|.+_spec)\.(py|go|rb|rs|exs)$"
    r"|.+[.\-](test|spec|e2e)\.[cm]?[jt]sx?$"
    r"|(Test.+|.+Tests?|.+IT)\.(java|kt|scala|cs|php|swift)$"
    r"|tests?\.(py|rs|[cm]?[jt]s)$"
)


def language(path: str) -> Language | None:
    """Return the language of a file whose syntax is known, or None."""
    return _LANGUAGES.get(suffix(path))


def lexis(path: str) -> Lexis | None:
    """Return how a file writes comments, or None where that is not known."""
    return _LEXES.get(suffix(path))


def suffix(path: str) -> str:
    """Return the last part of a file's name, in lower case, without the dot."""
    return PurePosixPath(path).suffix.removeprefix(".").lower()


def is_test(path: str) -> bool:
    """Say whether a file is one of tests, by its name and its folders."""
    pure = PurePosixPath(path)
    return named_as_test(pure.name) or bool(
        TEST_FOLDERS & {part.lower() for part in pure.parts[:-1]}
    )


def named_as_test(name: str) -> bool:
    """Say whether a file's bare name is one that runners take for tests."""
    return bool(_TEST_NAME.search(name))
