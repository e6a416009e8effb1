"""Tell whether two texts of a program differ in more than comments and space."""

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """How a family of languages writes comments and strings."""

    line: tuple[str, ...] = ()
    block: tuple[tuple[str, str], ...] = ()
    quotes: tuple[str, ...] = ('"', "'")


_C = Syntax(line=("//",), block=(("/*", "*/"),), quotes=('"',))
_JS = Syntax(line=("//",), block=(("/*", "*/"),), quotes=('"', "'", "`"))
_HASH = Syntax(line=("#",))
_MARKUP = Syntax(block=(("<!--", "-->"),), quotes=('"',))
_SYNTAX: dict[str, Syntax] = {
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
    "go": Syntax(line=("//",), block=(("/*", "*/"),), quotes=('"', "`")),
    "php": Syntax(line=("//", "#"), block=(("/*", "*/"),)),
    "css": Syntax(block=(("/*", "*/"),)),
    **dict.fromkeys(
        ["sh", "bash", "rb", "yml", "yaml", "toml", "ini", "cfg", "ex", "exs", "mk"],
        _HASH,
    ),
    "sql": Syntax(line=("--",), block=(("/*", "*/"),), quotes=("'",)),
    "lua": Syntax(line=("--",)),
    **dict.fromkeys(["html", "xml"], _MARKUP),
}


def says_nothing(path: str, data: bytes) -> bool:
    """Say whether a program text has nothing but comments, docstrings and space."""
    return _meaning(path, data) in {"", _meaning(path, b"")}


def same_meaning(path: str, old: bytes, new: bytes) -> bool:
    """Say whether two texts differ at most in comments, docstrings and space.

    A language that is not known is compared without white space only.
    """
    return old == new or _meaning(path, old) == _meaning(path, new)


def is_program(path: str) -> bool:
    """Say whether comments of this language can be told from code."""
    suffix = _suffix(path)
    return suffix in {"py", "pyi"} or suffix in _SYNTAX


def python_tree(text: str) -> ast.Module | str:
    """Parse Python, or say why not; warnings about the text are none of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return f"line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return str(error) or type(error).__name__


def _meaning(path: str, data: bytes) -> str:
    text = data.decode(errors="surrogateescape")
    suffix = _suffix(path)
    if suffix in {"py", "pyi"}:
        return _python(text)
    return strip(text, _SYNTAX.get(suffix, Syntax()))


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.removeprefix(".").lower()


def _python(text: str) -> str:
    tree = python_tree(text)
    if isinstance(tree, str):
        return _python_tokens(text)
    for node in ast.walk(tree):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ):
            node.body = [n for n in node.body if not _is_text(n)] or [ast.Pass()]
    return "" if _is_blank(tree) else ast.dump(tree)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_blank(tree: ast.Module) -> bool:
    return all(isinstance(node, ast.Pass) for node in tree.body)


def _python_tokens(text: str) -> str:
    """Fall back for text of another Python version, or text that is broken."""
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE}
    try:
        found = tokenize.generate_tokens(io.StringIO(text).readline)
        return " ".join(t.string for t in found if t.type not in skip)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return re.sub(r"\s+", "", text)


def strip(text: str, syntax: Syntax) -> str:
    """Drop comments and white space outside strings."""
    return "".join(
        part if quoted else re.sub(r"\s+", "", part)
        for part, quoted in _pieces(text, syntax)
    )


def _pieces(text: str, syntax: Syntax) -> list[tuple[str, bool]]:
    """Split into code and strings; comments are dropped."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for found in _scanner(syntax).finditer(text):
        pieces.append((text[last : found.start()], False))
        if found.lastgroup == "text":
            pieces.append((found.group(), True))
        last = found.end()
    pieces.append((text[last:], False))
    return pieces


def _scanner(syntax: Syntax) -> re.Pattern[str]:
    quotes = "|".join(
        rf"{q}(?:\\.|[^\\{q}{'' if q == '`' else chr(10)}])*{q}" for q in syntax.quotes
    )
    comments = [re.escape(mark) + r"[^\n]*" for mark in syntax.line]
    comments += [
        re.escape(start) + r"(?:.|\n)*?(?:" + re.escape(end) + r"|\Z)"
        for start, end in syntax.block
    ]
    parts = [f"(?P<text>{quotes})"] if quotes else []
    parts += [f"(?P<comment>{'|'.join(comments)})"] if comments else []
    return re.compile("|".join(parts) or r"(?!)", re.DOTALL)
