"""A trace as ReqIF 1.2, the exchange format of requirement tools (OMG formal/16-07-01).

Spec objects are requirements, phases and pieces of code; relations lead from a phase
and from a piece of code to the requirement that it serves.  Identifiers are made of
ids and paths, so that a later export changes the same objects.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from xml.etree import ElementTree as ET

from weighlock.run.trace.model import Place, Row, Trace
from weighlock.views.text import clean
from weighlock.views.trace.words import name, node

_SPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
_TYPES = {
    "requirement": ("ReqIF.ForeignID", "ReqIF.Text", "State", "Why", "Justified"),
    "phase": ("ReqIF.ForeignID", "ReqIF.Text", "State", "Why", "Stage", "Commit"),
    "code": ("ReqIF.ForeignID", "Path", "Line", "Counts", "Changed", "Result"),
}
_RELATIONS = ("implements", "tests", "serves")


def reqif(trace: Trace, at: str) -> str:
    """Return the document.

    Args:
        trace: The whole trace; references to pseudocode and orphans are left out.
        at: Time of the export, ISO 8601.
    """
    root = ET.Element("REQ-IF", {"xmlns": _SPACE})
    header = _sub(_sub(root, "THE-HEADER"), "REQ-IF-HEADER")
    header.set("IDENTIFIER", _id("header", trace.plan))
    for tag, said in (
        ("CREATION-TIME", at),
        ("REQ-IF-TOOL-ID", "weighlock"),
        ("REQ-IF-VERSION", "1.0"),
        ("SOURCE-TOOL-ID", "weighlock"),
        ("TITLE", _text(trace.title or trace.plan)),
    ):
        _sub(header, tag).text = said
    content = _sub(_sub(root, "CORE-CONTENT"), "REQ-IF-CONTENT")
    _types(content, at)
    rows = [r for r in trace.rows if r.kind in {"requirement", "phase"}]
    _objects(_sub(content, "SPEC-OBJECTS"), rows, at)
    _relations(_sub(content, "SPEC-RELATIONS"), rows, at)
    _specification(_sub(content, "SPECIFICATIONS"), trace, rows, at)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, "unicode")}\n'


def _sub(above: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(above, tag, attributes)


def _id(*parts: str) -> str:
    return f"_{sha256(chr(0).join(parts).encode(errors='replace')).hexdigest()[:32]}"


def _text(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())


def _named(above: ET.Element, tag: str, *parts: str, at: str) -> ET.Element:
    shown = {"IDENTIFIER": _id(tag, *parts), "LAST-CHANGE": at}
    return ET.SubElement(above, tag, shown)


def _ref(above: ET.Element, role: str, tag: str, *parts: str) -> None:
    _sub(_sub(above, role), f"{tag}-REF").text = _id(tag, *parts)


def _types(content: ET.Element, at: str) -> None:
    kinds = _sub(content, "DATATYPES")
    string = _named(kinds, "DATATYPE-DEFINITION-STRING", at=at)
    string.set("MAX-LENGTH", "32000")
    string.set("LONG-NAME", "text")
    types = _sub(content, "SPEC-TYPES")
    for kind, attributes in _TYPES.items():
        one = _named(types, "SPEC-OBJECT-TYPE", kind, at=at)
        one.set("LONG-NAME", kind)
        listed = _sub(one, "SPEC-ATTRIBUTES")
        for attribute in attributes:
            tag = "ATTRIBUTE-DEFINITION-STRING"
            defined = _named(listed, tag, kind, attribute, at=at)
            defined.set("LONG-NAME", attribute)
            _ref(defined, "TYPE", "DATATYPE-DEFINITION-STRING")
    for relation in _RELATIONS:
        one = _named(types, "SPEC-RELATION-TYPE", relation, at=at)
        one.set("LONG-NAME", relation)
    _named(types, "SPECIFICATION-TYPE", at=at).set("LONG-NAME", "plan")


def _objects(above: ET.Element, rows: list[Row], at: str) -> None:
    for row in rows:
        _object(above, row.kind, row.id, at=at, values=_about(row))
    for place in _pieces(rows).values():
        _object(above, "code", _piece(place), at=at, values=_code(place))


def _object(
    above: ET.Element, kind: str, id_: str, *, at: str, values: Mapping[str, str]
) -> None:
    one = _named(above, "SPEC-OBJECT", kind, id_, at=at)
    one.set("LONG-NAME", _text(id_))
    listed = _sub(one, "VALUES")
    for attribute, value in values.items():
        if value:
            said = {"THE-VALUE": _text(value)[:32000]}
            held = ET.SubElement(listed, "ATTRIBUTE-VALUE-STRING", said)
            _ref(held, "DEFINITION", "ATTRIBUTE-DEFINITION-STRING", kind, attribute)
    _ref(one, "TYPE", "SPEC-OBJECT-TYPE", kind)


def _about(row: Row) -> dict[str, str]:
    shared = {
        "ReqIF.ForeignID": name(row),
        "ReqIF.Text": row.text,
        "State": row.state,
        "Why": row.why,
    }
    if row.kind == "requirement":
        return {**shared, "Justified": row.justified}
    own = row.served[0]
    return {**shared, "Stage": own.stage, "Commit": own.commit}


def _code(place: Place) -> dict[str, str]:
    return {
        "ReqIF.ForeignID": _piece(place),
        "Path": place.unit.path,
        "Line": str(place.marker.line),
        "Counts": place.counts,
        "Changed": place.changed.answer,
        "Result": place.result,
    }


def _piece(place: Place) -> str:
    """Return what a piece of code is called; lines move, names stay."""
    return f"{place.unit.path}#{node(place) or 'file'}"


def _pieces(rows: list[Row]) -> dict[str, Place]:
    """Return each piece of code once; a requirement's word on it goes before."""
    listed = sorted(rows, key=lambda row: row.kind != "requirement")
    found: dict[str, Place] = {}
    for row in listed:
        for place in row.places:
            found.setdefault(_piece(place), place)
    return found


def _links(rows: list[Row]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield relation, kind and id of its source, kind and id of its target."""
    phases = {row.id for row in rows if row.kind == "phase"}
    for row in rows:
        if row.kind == "requirement":
            for one in row.served:
                if one.phase in phases:
                    yield "serves", "phase", one.phase, row.kind, row.id
        for place in row.places:
            how = "tests" if place.counts.endswith("test") else "implements"
            yield how, "code", _piece(place), row.kind, row.id


def _relations(above: ET.Element, rows: list[Row], at: str) -> None:
    for link in dict.fromkeys(_links(rows)):
        how, from_kind, source, to_kind, target = link
        one = _named(above, "SPEC-RELATION", *link, at=at)
        _ref(one, "TYPE", "SPEC-RELATION-TYPE", how)
        _ref(one, "SOURCE", "SPEC-OBJECT", from_kind, source)
        _ref(one, "TARGET", "SPEC-OBJECT", to_kind, target)


def _specification(above: ET.Element, trace: Trace, rows: list[Row], at: str) -> None:
    plan = _named(above, "SPECIFICATION", trace.plan, at=at)
    plan.set("LONG-NAME", _text(trace.title or trace.plan))
    _ref(plan, "TYPE", "SPECIFICATION-TYPE")
    children = _sub(plan, "CHILDREN")
    for row in rows:
        one = _named(children, "SPEC-HIERARCHY", row.kind, row.id, at=at)
        _ref(one, "OBJECT", "SPEC-OBJECT", row.kind, row.id)
