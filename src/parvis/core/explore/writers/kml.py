"""KML: a placemark a row, its cells as typed extended data."""

from __future__ import annotations

from collections.abc import Iterator

from parvis.core.explore.text_columns import csv_column
from parvis.core.explore.writers.rows import Answer, joined_bytes
from parvis.core.explore.writers.shapes import as_kml, as_wkt
from parvis.core.explore.writers.texts import around, assembled, xml_column, xml_text
from parvis.core.odsql.bound import Output

NAMING = ("name", "nom", "title", "titre", "libelle", "label", "intitule", "designation")
"""Names of columns that say how a place is called, the best first."""


def write_kml(answer: Answer) -> Iterator[bytes]:
    """The schema at once, then the placemarks; a row without geometry is a placemark without place."""
    if answer.drawn is None:
        raise AssertionError("a map format was given a selection without geometry")
    named = naming_rank(answer)
    names = [xml_text(title) for title in answer.titles]
    yield _head(answer, names).encode()
    for piece in answer.pieces():
        cells = {
            rank: xml_column(csv_column(piece.column(rank), answer.outputs[rank], answer.rendering))
            for rank in answer.others
        }
        data = [around(f'<SimpleData name="{names[rank]}">', cell, "</SimpleData>") for rank, cell in cells.items()]
        yield joined_bytes(
            assembled(
                "<Placemark>",
                "" if named is None else around("<name>", cells[named], "</name>"),
                '<ExtendedData><SchemaData schemaUrl="#rows">',
                *data,
                "</SchemaData></ExtendedData>",
                as_kml(as_wkt(piece.column(answer.drawn))),
                "</Placemark>\n",
            )
        )
    yield b"</Document></kml>\n"


def naming_rank(answer: Answer) -> int | None:
    """The place of the column that names the rows: the one asked for, else the one called so; None when there is none."""
    keys = [output.key for output in answer.outputs]
    for name in (answer.request.name_field, *NAMING):
        if name in keys and keys.index(name) != answer.drawn:
            return keys.index(name)
    return None


def _head(answer: Answer, names: list[str]) -> str:
    fields = "".join(
        f'<SimpleField name="{names[rank]}" type="{_kind(answer.outputs[rank])}"></SimpleField>'
        for rank in answer.others
    )
    title = xml_text(answer.setting.name)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f'<name>{title}</name><Schema name="{title}" id="rows">{fields}</Schema>\n'
    )


def _kind(output: Output) -> str:
    kind = str(output.column.type) if output.column and not output.column.annotations.get("multivalued") else ""
    # Whole numbers are said to be text: those of KML have 32 bits.
    return {"double": "double", "boolean": "bool"}.get(kind, "string")
