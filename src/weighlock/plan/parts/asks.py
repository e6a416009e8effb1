"""What a phase asks for that is no work on the product: words, documents, folders."""

import re

_ABOUT_COMMENTS = re.compile(
    r"\b(docstrings?|documentation|docs|typos?|reformat|white ?space"
    r"|(?:(?:\A|\b(?:code|source|apply|fix|black|prettier|rustfmt|gofmt|lint and)\s+)"
    r"format(?:ting)?|format(?:ting)? (?:only|all|the code|code|files|sources?))"
    r"|(?:code|inline|source|doc|block|header|licen[cs]e)[ -]comments?"
    r"|(?:improve|clean(?: up)?|tidy|translate|rewrite|strip)\s+(?:\w+\s+){0,2}"
    r"comments?"
    r"|line[ -]endings?"
    r"|(?:plan|trace|traceability|requirement)[ -]markers?)\b",
    re.IGNORECASE,
)
"""Words of a title whose phase may change nothing that runs."""
_LAYOUT_ONLY = re.compile(
    r"\b(?:formatting|white ?space|layout)(?:(?:,| and| or) [\w ]{1,20}){0,3} only\b"
    r"|\bonly (?:the )?(?:formatting|white ?space)\b",
    re.IGNORECASE,
)
"""What a phase's text says when it may change nothing that runs."""
_PERHAPS = re.compile(r"\b(comments?|markers?)\b", re.IGNORECASE)
"""Words that may mean a feature of the product as well: a person tells them apart."""


_WORDS = re.compile(
    r"\b(?:docstrings?|comments?|white ?space|noqa|type: ?ignore)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"@(?:plan|requirement)|\b(?:implement|fix|return|rais|support|handl|refactor|renam"
    r"|replac|extract|wire"
    r"|add(?:s|ed|ing)? (?!(?:an? |the )?(?:docstring|comment)))\w*",
    re.IGNORECASE,
)
"""What a plan may ask of a file beside words about it."""
_DOCUMENTS = re.compile(
    r"\W*(?:document\b|describe\b"
    r"|(?:write|update|add|extend|improve|create)\b.{0,60}"
    r"\b(?:docs|documentation|readme|changelog|guide|tutorial|runbook|release notes)"
    r"(?=\W*\Z|\s+(?:with|for|to|about|on|section|and)\b|[,.:—–]))",
    re.IGNORECASE,
)
"""A title whose work is a document."""
_SKELETON = re.compile(
    r"\W*(?:create|set ?up|initiali[sz]e|scaffold|add|make)\b.{0,40}"
    r"\b(?:structure|scaffold(?:ing)?|skeleton|director(?:y|ies)|folders?|layout)\b",
    re.IGNORECASE,
)
"""A title whose work is folders."""
_FOLLOW = re.compile(
    r"(?<!not )(?<!n't )(?<!never )\b(?:update|adapt|adjust|rewrite)\s+"
    r"(?:(?:the|all|its|any|existing|unit|affected|related|corresponding|old|imports|docs"
    r"|callers|usages|call sites|and)(?:,\s*|\s+)){0,7}tests?\b"
    r"|\brenam\w*\b[^.\n]{0,80}"
    r"\b(?:everywhere\b[^.\n]{0,40}\btests?\b|and tests?\b|in (?:the )?tests?\b)",
    re.IGNORECASE,
)


def for_words(title: str) -> bool:
    """Say whether a title asks for comments, documents or formatting."""
    return bool(_ABOUT_COMMENTS.search(title))


def for_layout(text: str) -> bool:
    """Say whether a text says outright that nothing but the layout changes."""
    return bool(_LAYOUT_ONLY.search(text))


def perhaps_for_words(title: str) -> bool:
    """Say whether a title speaks of comments or markers, in whatever sense."""
    return bool(_PERHAPS.search(title))


def for_documents(title: str) -> bool:
    """Say whether a title's work is a document."""
    return bool(_DOCUMENTS.match(title))


def for_folders(title: str) -> bool:
    """Say whether a title's work is folders."""
    return bool(_SKELETON.match(title))


def for_tests_to_follow(text: str) -> bool:
    """Say whether a text lets old tests follow the product, wherever they are."""
    return bool(_FOLLOW.search(text))


def for_words_in(text: str, name: str) -> bool:
    """Say whether a phase's text asks for words in a file, and for no work there."""
    return any(
        name in said and _WORDS.search(said) and not _WORK.search(said)
        for said in re.split(r"\n|;\s|\.\s|,?\s+and\s+", text)
    )
