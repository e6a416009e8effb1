"""Which part of a build file decides what is tested, and with what code.

A build of Maven, Gradle or Go is a program beside a list of dependencies.  The list,
names and versions are the project's daily bread; all else can leave tests out, run
others in their place, or write their report.
"""

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET
from xml.parsers import expat

Table = Mapping[str, object]

_LIMIT = 1_000_000
"""Bytes; a build file that is longer is taken as a whole."""
_FREE = frozenset(
    [
        "modelVersion",
        "groupId",
        "artifactId",
        "version",
        "name",
        "description",
        "url",
        "inceptionYear",
        "organization",
        "licenses",
        "developers",
        "contributors",
        "mailingLists",
        "scm",
        "issueManagement",
        "ciManagement",
        "distributionManagement",
        "dependencies",
        "dependencyManagement",
        "repositories",
        "pluginRepositories",
        "prerequisites",
    ]
)
"""Parts of a project of Maven that say what it is and needs (maven.apache.org/pom)."""
_VERSION = re.compile(r"(^|[.-])version$|encoding$", re.IGNORECASE)


def maven(data: bytes) -> Table:
    """Return a pom.xml's build, profiles, modules and properties."""
    if len(data) > _LIMIT or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return {"the whole file": data}
    found: dict[str, object] = {}
    for part in _tree(data):
        name = _bare(part.tag)
        if name == "properties":
            told = {_bare(p.tag): (p.text or "").strip() for p in part}
            found |= {f"{name}.{k}": v for k, v in told.items() if not _free(k)}
        elif name == "modules":
            found |= {f"{name}.{(m.text or '').strip()}": True for m in part}
        elif name not in _FREE:
            found[name] = _shape(part)
    return found


def _tree(data: bytes) -> ET.Element:
    """Read XML that declares nothing of its own.

    Raises:
        ValueError: It is not well-formed.
    """
    grown, parser, whole = ET.TreeBuilder(), expat.ParserCreate(), True
    parser.StartElementHandler = grown.start
    parser.EndElementHandler = grown.end
    parser.CharacterDataHandler = grown.data
    try:
        parser.Parse(data, whole)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from error
    return grown.close()


def _free(key: str) -> bool:
    return bool(_VERSION.search(key))


def _bare(tag: str) -> str:
    return tag.rpartition(":")[2]


def _shape(part: ET.Element) -> object:
    """Return an element as data, without versions, comments and white space."""
    below = [_shape(e) for e in part if _bare(e.tag) != "version"]
    return _bare(part.tag), (part.text or "").strip(), sorted(part.items()), below


_COMMENT = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|//[^\n]*|/\*.*?\*/""", re.DOTALL
)
_TEXT = r"""(?:"[^"$\n]*"|'[^'\n]*')"""
_ASKED = rf"(?:{_TEXT}|libs(?:\.\w+)+|project\({_TEXT}\)|kotlin\({_TEXT}\))"
_DECLARED = re.compile(
    r"(?:\w*(?:[iI]mplementation|[aA]pi|Only|Processor|Platform)|kapt|ksp)\s*"
    rf"\(?\s*(?:(?:enforcedP|p)latform\s*\(\s*{_ASKED}\s*\)|{_ASKED})\s*\)?;?"
)
_NUMBER = re.compile(rf"(?:version|group|description)\s*=?\s*{_TEXT};?")
_PLUGIN = re.compile(rf"\s+version\s*\(?\s*{_TEXT}\s*\)?")
_INCLUDED = re.compile(rf"include\s*\(?\s*({_TEXT}(?:\s*,\s*{_TEXT})*)\s*\)?;?")


def gradle(data: bytes) -> Table:
    """Return a build script without plain dependencies, versions and comments.

    A line that is anything but a plain declaration stays, wherever it stands: a script
    may switch a test off among its dependencies.
    """
    text = _COMMENT.sub(lambda m: m[1] or " ", data[:_LIMIT].decode(errors="replace"))
    found: dict[str, object] = {}
    rest: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        included = _INCLUDED.fullmatch(line)
        if included:
            names = re.findall(_TEXT, included[1])
            found |= {f"include.{name[1:-1]}": True for name in names}
        elif not _DECLARED.fullmatch(line) and not _NUMBER.fullmatch(line):
            rest.append(_PLUGIN.sub("", line))
    joined = re.sub(r"\bdependencies\s*\{\s*\}", "", "\n".join(rest))
    found["the build script"] = (joined.split("\n"), data[_LIMIT:])
    return found


_NEEDS = frozenset({"require", "go", "toolchain", "tool", "retract", "exclude"})


def go(data: bytes) -> Table:
    """Return what go.mod says beside versions: its name, replacements, ignored folders.

    The directives are those of go.dev/ref/mod.
    """
    return {
        f"{verb} {rest}".strip(): True
        for verb, rest in _directives(data.decode(errors="replace"))
        if verb not in _NEEDS
    }


def _directives(text: str) -> Iterator[tuple[str, str]]:
    block = ""
    for line in text.splitlines():
        words = line.partition("//")[0].split()
        if not words:
            continue
        if block and words == [")"]:
            block = ""
        elif block:
            yield block, " ".join(words)
        elif words[-1] == "(":
            block = words[0]
        else:
            yield words[0], " ".join(words[1:])
