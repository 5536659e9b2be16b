"""RDF in four syntaxes: a resource a row, a property a column, values typed by XML Schema, places as well-known text.

Triples are written as columns of text; the libraries of RDF make one object for each, which a million rows do not have.
A row is named by the value of its column annotated ``id``; without one it is a blank node, since nothing else names it for
ever.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.explore.geometries import is_geographic
from parvis.core.explore.text_columns import csv_column, json_column, quoted
from parvis.core.explore.writers.rows import Answer, joined_bytes
from parvis.core.explore.writers.texts import around, assembled, local_names, xml_column, xml_text
from parvis.core.odsql.bound import Output

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_SAFE = re.compile(r"^[A-Za-z0-9_.~-]+$")


@dataclass(frozen=True, slots=True)
class _Property:
    rank: int
    name: str
    address: str
    label: str
    datatype: str


def write_turtle(answer: Answer) -> Iterator[bytes]:
    """Turtle, which is N3 too: the properties at once, then the rows."""
    properties = _properties(answer)
    yield "".join(
        f"<{p.address}> <{RDF}type> <{RDF}Property> ; <{RDFS}label> {json.dumps(p.label, ensure_ascii=False)} .\n"
        for p in properties
    ).encode()
    kind = f" <{RDF}type> <{_vocabulary(answer)}Row>"
    for piece, names in _named_pieces(answer):
        subjects = pc.if_else(pc.starts_with(names, "_:"), names, around("<", names, ">"))
        predicates = [around(f" ;\n  <{p.address}> ", _turtle_values(answer, piece, p), "") for p in properties]
        yield joined_bytes(assembled(subjects, kind, *predicates, " .\n"))


def write_rdfxml(answer: Answer) -> Iterator[bytes]:
    """RDF/XML: the properties at once, then a description a row."""
    properties, vocabulary = _properties(answer), xml_text(_vocabulary(answer))
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="{RDF}" xmlns:rdfs="{RDFS}" xmlns:v="{vocabulary}">\n'
    labels = "".join(
        f'<rdf:Property rdf:about="{xml_text(p.address)}"><rdfs:label>{xml_text(p.label)}</rdfs:label></rdf:Property>\n'
        for p in properties
    )
    yield (head + labels).encode()
    for piece, names in _named_pieces(answer):
        is_blank = pc.starts_with(names, "_:")
        bare = xml_column(pc.replace_substring_regex(names, "^_:", ""))
        subjects = around(pc.if_else(is_blank, '<v:Row rdf:nodeID="', '<v:Row rdf:about="'), bare, '">')
        cells = [_xml_values(answer, piece, p) for p in properties]
        yield joined_bytes(assembled(subjects, *cells, "</v:Row>\n"))
    yield b"</rdf:RDF>\n"


def write_jsonld(answer: Answer) -> Iterator[bytes]:
    """JSON-LD: the context at once, then an object a row."""
    properties = _properties(answer)
    context: dict[str, object] = {p.name: _coercion(p) for p in properties}
    context |= {"_id": "@id", "_type": "@type"}
    yield f'{{"@context": {json.dumps(context, ensure_ascii=False)},\n"@graph": ['.encode()
    kind, first = f'", "_type": "{_vocabulary(answer)}Row"', True
    for piece, names in _named_pieces(answer):
        cells = []
        for p in properties:
            array, output = piece.column(p.rank), answer.outputs[p.rank]
            text = (
                quoted(array)
                if is_geographic(output)
                else json_column(array, output, replace(answer.rendering, files=""))
            )
            cells.append(around(f", {json.dumps(p.name)}: ", pc.if_else(array.is_valid(), text, _NOTHING), ""))
        text = joined_bytes(assembled(',\n{"_id": "', names, kind, *cells, "}"))
        yield text[2:] if first else text
        first = False
    yield b"]}\n"


def _coercion(predicate: _Property) -> dict[str, str]:
    return {"@id": predicate.address, "@type": predicate.datatype} if predicate.datatype else {"@id": predicate.address}


def _vocabulary(answer: Answer) -> str:
    return f"{answer.setting.about}#"


def _properties(answer: Answer) -> list[_Property]:
    names = local_names([output.key for output in answer.outputs])
    return [
        _Property(
            rank,
            name,
            _vocabulary(answer) + name,
            output.column.label if output.column and output.column.name == output.key else output.key,
            _datatype(output),
        )
        for rank, (name, output) in enumerate(zip(names, answer.outputs, strict=True))
    ]


def _datatype(output: Output) -> str:
    if is_geographic(output):
        return WKT
    column = output.column
    if column is None or column.annotations.get("multivalued"):
        return ""
    precision = {"year": "gYear", "month": "gYearMonth"}.get(str(column.annotations.get("timeserie_precision")))
    name = {"int": "integer", "double": "double", "boolean": "boolean", "datetime": "dateTime"}.get(str(column.type))
    if str(column.type) == "date":
        name = precision or "date"
    return XSD + name if name else ""


def _named_pieces(answer: Answer) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
    """Each piece with the names of its rows: addresses, or blank nodes starting with ``_:``."""
    named = next((r for r, o in enumerate(answer.outputs) if o.column and o.column.annotations.get("id")), None)
    seen = 0
    for piece in answer.pieces():
        numbers = pa.array(range(seen + 1, seen + 1 + piece.num_rows), pa.int64())
        names = around("_:r", pc.cast(numbers, pa.string()), "")
        if named is not None:
            values = csv_column(piece.column(named), answer.outputs[named], answer.rendering)
            names = pc.coalesce(around(f"{answer.setting.about}/records/", _in_address(values), ""), names)
        yield piece, names
        seen += piece.num_rows


def _in_address(values: pa.Array) -> pa.Array:
    safe = pc.fill_null(pc.match_substring_regex(values, _SAFE.pattern), True)
    if pc.all(safe).as_py():
        return values
    return pa.array([None if v is None else quote(v, safe="") for v in values.to_pylist()], pa.string())


_NOTHING = pa.nulls(1, pa.string())[0]


def _literals(array: pa.Array, output: Output, answer: Answer) -> pa.Array:
    """The values of a column as XML Schema writes them."""
    if is_geographic(output):
        return array
    text = csv_column(array, output, answer.rendering)
    if pa.types.is_boolean(array.type):
        return pc.utf8_lower(text)
    if pa.types.is_floating(array.type):
        return pc.replace_substring(pc.replace_substring(text, "inf", "INF"), "nan", "NaN")
    return text


def _turtle_values(answer: Answer, piece: pa.RecordBatch, predicate: _Property) -> pa.Array:
    array, output = piece.column(predicate.rank), answer.outputs[predicate.rank]
    if pa.types.is_list(array.type):
        return _joined(array, quoted(array.flatten()), ", ")
    kind = _own_datatype(array, predicate)
    return around("", quoted(_literals(array, output, answer)), f"^^<{kind}>" if kind else "")


def _xml_values(answer: Answer, piece: pa.RecordBatch, predicate: _Property) -> pa.Array:
    array, output = piece.column(predicate.rank), answer.outputs[predicate.rank]
    if pa.types.is_list(array.type):
        each = around(f"<v:{predicate.name}>", xml_column(array.flatten()), f"</v:{predicate.name}>")
        return _joined(array, each, "")
    kind = _own_datatype(array, predicate)
    opening = f'<v:{predicate.name} rdf:datatype="{kind}">' if kind else f"<v:{predicate.name}>"
    return around(opening, xml_column(_literals(array, output, answer)), f"</v:{predicate.name}>")


def _own_datatype(array: pa.Array, predicate: _Property) -> str:
    """The datatype of a column; of what was computed, by the type of its values."""
    if predicate.datatype:
        return predicate.datatype
    for test, name in _COMPUTED:
        if test(array.type):
            return XSD + name
    return ""


_COMPUTED = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "double"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_timestamp, "dateTime"),
    (pa.types.is_date, "date"),
)


def _joined(lists: pa.Array, texts: pa.Array, separator: str) -> pa.Array:
    """The texts of each list, joined; null where the list is null or empty."""
    offsets = pc.subtract(lists.offsets, lists.offsets[0])
    whole = pa.ListArray.from_arrays(pc.cast(offsets, pa.int32()), pc.fill_null(texts, '""' if separator else ""))
    text = pc.binary_join(whole, separator)
    empty = pc.fill_null(pc.equal(pc.list_value_length(lists), 0), True)
    return pc.if_else(empty, _NOTHING, text)
