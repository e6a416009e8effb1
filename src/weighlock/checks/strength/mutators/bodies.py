"""The functions of a text by its grammar, and what can be put in place of a body."""

import re
import secrets
from collections.abc import Callable, Iterator

from tree_sitter import Node

from weighlock.checks.strength.mutators.mutant import Mutant
from weighlock.syntax import grammars
from weighlock.syntax.language import Language

_FUNCTIONS = frozenset(
    [
        "function_declaration",
        "generator_function_declaration",
        "method_definition",
        "function_item",
        "method_declaration",
        "constructor_declaration",
    ]
)
_NAMELESS = frozenset({"arrow_function", "function_expression", "generator_function"})
_NAMING = frozenset(
    [
        "variable_declarator",
        "assignment_expression",
        "pair",
        "public_field_definition",
        "field_definition",
        "export_statement",
    ]
)
NOTHING: dict[Language, bytes] = {
    "javascript": b"undefined",
    "typescript": b"undefined",
    "tsx": b"undefined",
    "rust": b"Default::default()",
}
"""The plainest value that a function can return."""
_THROWN: dict[Language, str] = {
    "javascript": 'throw new Error("{}");',
    "typescript": 'throw new Error("{}");',
    "tsx": 'throw new Error("{}");',
    "rust": 'if true {{ panic!("{}"); }}',
    "go": 'if true {{ panic("{}") }}; ',
    "java": 'if (true) throw new RuntimeException("{}");',
}


def hollows(language: Language, data: bytes) -> Iterator[Mutant]:
    """Return one mutant for each named function that does something: it is gone.

    A body that returns something returns the plainest value of the language; where a
    language has none, such functions are passed over.
    """
    for node, body in _bodies(language, data):
        text = _empty(language, node, body)
        if text is not None and not _says_nothing(body):
            yield swap(body, text, f"the body of {_name(node)} was taken away", node)


def silent(language: Language, data: bytes) -> bytes:
    """Return a text whose every named function does nothing, where that can be."""
    for node, body in sorted(_bodies(language, data), key=lambda b: -b[1].start_byte):
        text = _empty(language, node, body)
        if text is not None:
            data = data[: body.start_byte] + text + data[body.end_byte :]
    return data


def throwing(language: Language, data: bytes, sign: str) -> bytes:
    """Return a text whose every named function throws, with a sign, when called."""
    thrown = _THROWN[language].format(sign).encode()
    return _begun(language, data, lambda _: thrown)


def idle(language: Language, data: bytes) -> bytes:
    """Return a text whose functions call what they are given, and do no more.

    Where a language has types, nobody knows how to call it, and nothing is done.
    """
    if language in _UNTYPED:
        return _begun(language, data, lambda _: _CALLS + b"return;")
    return silent(language, data)


def agreeing(language: Language, data: bytes) -> bytes:
    """Return a text whose functions give one answer that nobody asked for.

    A number or a text is drawn by lot; any other answer has every property, and may be
    called.  Where a language asks what types are made of, nothing is changed.
    """
    if language not in _UNTYPED:
        return data
    lot = f"{secrets.randbelow(10**6) + 1000}.5", f"'weighlock {secrets.token_hex(4)}'"
    typed = b"" if language == "javascript" else b" as never"

    def answer(node: Node) -> bytes:
        return _CALLS + b"return " + _any(node, *lot).encode() + typed + b";"

    return _begun(language, data, answer)


def _any(node: Node, number: str, text: str) -> str:
    """Return an expression of a function's declared type, as far as there is one."""
    if _name(node) == "constructor":
        return "this"
    told = node.child_by_field_name("return_type")
    kind = (told.text or b"").decode().lstrip(": ") if told is not None else ""
    inner = (
        kind.removeprefix("Promise<").removesuffix(">") if "Promise<" in kind else ""
    )
    plain = {"number": number, "string": text, "void": "undefined"}
    # What is true or false cannot be drawn by lot: half of the draws are right.
    plain["boolean"] = "undefined"
    value = plain.get(inner or kind, _ANYTHING)
    return f"Promise.resolve({value})" if inner else value


_ANYTHING = (
    "(() => { const no = ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType'];"
    " const y = (t) => new Proxy(t, { apply: () => y({}), get: (_, k) =>"
    " typeof k === 'symbol' || no.includes(k) ? undefined : y(() => 0) });"
    " return y({}); })()"
)
"""A thing with every property but those that runners and promises look for."""
_UNTYPED = frozenset({"javascript", "typescript", "tsx"})
_CALLS = b"""{const w=(x,d)=>{if(typeof x==='function'){try{const r=x();\
if(r&&r.catch)r.catch(()=>{})}catch{}}else if(d&&x&&typeof x==='object')\
for(const k of Object.keys(x))w(x[k],d-1)};\
if(typeof arguments!=='undefined')for(const x of arguments)w(x,2);}""".replace(
    b"\\\n", b""
)
"""Call every function among the arguments, and in the objects among them."""


def _begun(language: Language, data: bytes, words: Callable[[Node], bytes]) -> bytes:
    """Return a text whose every named function begins with other words."""
    for node, body in sorted(_bodies(language, data), key=lambda b: -b[1].start_byte):
        thrown = words(node)
        if body.type in _BLOCKS:
            at = body.start_byte + 1
            data = data[:at] + thrown + data[at:]
        else:
            call = b"(() => {" + thrown + b"})()"
            data = data[: body.start_byte] + call + data[body.end_byte :]
    return data


_BLOCKS = frozenset({"statement_block", "block", "constructor_body"})


def _bodies(language: Language, data: bytes) -> Iterator[tuple[Node, Node]]:
    """Return the outermost named functions, each with its body."""
    root = grammars.whole(language, data)
    todo = [root] if root else []
    while todo:
        node = todo.pop()
        if is_test(node):
            continue
        body = node.child_by_field_name("body") if _is_function(node) else None
        if body is None or _CONSTRUCTS.search(body.text or b""):
            todo += node.children
        else:
            yield node, body


_CONSTRUCTS = re.compile(rb"\A\{\s*(?:super|this)\s*\(")
"""Nothing may stand before the call that makes the parent."""


def _says_nothing(body: Node) -> bool:
    """Say whether a body is empty, or no more than a word that it is not written."""
    if body.type not in _BLOCKS:
        return False
    return not body.named_child_count or (
        body.named_child_count == 1 and _UNWRITTEN.search(body.text or b"") is not None
    )


_UNWRITTEN = re.compile(rb"\A\{\s*(?:throw\b|(?:todo|unimplemented|panic)!|panic\()")


def _is_function(node: Node) -> bool:
    if node.type in _FUNCTIONS:
        return True
    parent = node.parent
    return node.type in _NAMELESS and parent is not None and parent.type in _NAMING


def is_test(node: Node) -> bool:
    """Say whether an item of Rust is only there when tests are built."""
    before = node.prev_named_sibling
    while before is not None and before.type == "attribute_item":
        if b"test" in (before.text or b""):
            return True
        before = before.prev_named_sibling
    return False


def _name(node: Node) -> str:
    holder = node if node.type in _FUNCTIONS else node.parent or node
    for field in ("name", "property", "key", "left"):
        found = holder.child_by_field_name(field)
        if found is not None:
            return (found.text or b"").decode(errors="replace")
    return "a function"


def _empty(language: Language, node: Node, body: Node) -> bytes | None:
    """Return a body that does nothing, and gives back the plainest value there is."""
    if body.type not in _BLOCKS:
        return NOTHING.get(language)
    inside = (body.text or b"")[1:]
    if language == "go":
        return b"{ if true { " + _go_nothing(node) + b" }; " + inside
    if language == "java" and node.type == "constructor_declaration":
        return None  # its final fields would have no value
    if language == "java":
        return b"{ if (true) " + _java_nothing(node) + b" " + inside
    if language == "rust" and (node.child_by_field_name("return_type") is not None):
        return _rust_nothing(node)
    return b"{}"


def _go_nothing(node: Node) -> bytes:
    """What a Go function imports must be used, so its body stays, out of reach."""
    result = node.child_by_field_name("result")
    if result is None:
        return b"return"
    if result.type != "parameter_list":
        return b"return *new(" + (result.text or b"") + b")"
    kinds: list[bytes] = []
    for each in result.named_children:
        kind = each.child_by_field_name("type")
        if each.type == "parameter_declaration" and kind is not None:
            names = len(each.children_by_field_name("name")) or 1
            kinds += [kind.text or b""] * names
    return b"return " + b", ".join(b"*new(" + kind + b")" for kind in kinds)


def _java_nothing(node: Node) -> bytes:
    kind = node.child_by_field_name("type")
    text = b"void" if kind is None else kind.text or b""
    return b"return;" if text == b"void" else b"return " + _JAVA.get(text, b"null;")


_JAVA = {
    b"boolean": b"false;",
    **dict.fromkeys([b"int", b"long", b"short", b"byte", b"double", b"float"], b"0;"),
    b"char": b"'\\0';",
}


def _rust_nothing(node: Node) -> bytes:
    """Return the default where a type surely has one, else a value of zeros."""
    returns = node.child_by_field_name("return_type")
    text = (returns.text or b"").decode() if returns is not None else ""
    right = _RIGHT.match(text)
    plain = right.group(1) if right else text
    if not (_PLAIN.match(plain) or _has_default(node, plain)):
        return b"{ unsafe { std::mem::zeroed() } }"
    value = "Ok(Default::default())" if right else "Default::default()"
    return f"{{ {value} }}".encode()


def _has_default(node: Node, name: str) -> bool:
    while node.parent is not None:
        node = node.parent
    text = (node.text or b"").decode(errors="replace")
    kind = re.escape(name.partition("<")[0].rpartition("::")[2])
    derived = rf"\bDefault\b[^\]]*\][^;{{]*?\b(?:struct|enum)\s+{kind}\b"
    return re.search(rf"\bDefault\s+for\s+{kind}\b|{derived}", text) is not None


_RIGHT = re.compile(r"(?:\w+::)*Result<\s*(.+?)\s*(?:,[^,>()]*)?>\Z", re.DOTALL)
_PLAIN = re.compile(
    r"(?:\(\)|bool|char|[iu](?:8|16|32|64|128|size)|f(?:32|64)|&(?:'\w+\s+)?str|String"
    r"|(?:\w+::)*(?:Option|Vec|VecDeque|HashMap|HashSet|BTreeMap|BTreeSet)<.*>"
    r"|(?:\w+::)*(?:Duration|PathBuf|OsString))\Z",
    re.DOTALL,
)
"""Types of the language that have a default whatever they hold."""


def swap(node: Node, text: bytes, what: str, at: Node) -> Mutant:
    """Return a mutant with other text in place of a node."""
    return Mutant(
        line=at.start_point.row + 1,
        start=node.start_byte,
        end=node.end_byte,
        text=text,
        what=what,
        hollow="was taken away" in what,
    )
