"""ODS: a sheet written as columns of XML, text always as text; sheets that continue when one is full."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.explore.errors import TooWideForSpreadsheet
from parvis.core.explore.text_columns import csv_column, numbers_as_text
from parvis.core.explore.writers.rows import Answer, joined_bytes
from parvis.core.explore.writers.temporary import sent
from parvis.core.explore.writers.texts import around, assembled, xml_column
from parvis.core.odsql.bound import Output

SHEET_ROWS = 1_048_576
SHEET_COLUMNS = 16_384
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_EXACT = 2**53
_EMPTY = "<table:table-cell/>"
_END = "</text:p></table:table-cell>"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMESPACES} office:version="1.3">'
    '<office:automatic-styles><number:date-style style:name="day"><number:day number:style="long"/><number:text>/'
    '</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    '</number:date-style><style:style style:name="date" style:family="table-cell" style:data-style-name="day"/>'
    '<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_ods(answer: Answer) -> Iterator[bytes]:
    """The spreadsheet, once written to a temporary file piece by piece."""
    if len(answer.outputs) > SHEET_COLUMNS:
        raise TooWideForSpreadsheet(columns=len(answer.outputs), limit=SHEET_COLUMNS)

    def make(folder: Path) -> Path:
        target = folder / "export.ods"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            # First and not compressed, so that the type can be told from the first bytes.
            archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", _MANIFEST)
            with archive.open("content.xml", "w", force_zip64=True) as stream:
                _write_content(answer, stream)
        return target

    return sent(answer, make)


def _write_content(answer: Answer, stream: IO[bytes]) -> None:
    stream.write(_HEAD.encode())
    sheet, row = 1, 1
    stream.write(_sheet(answer, sheet))
    for piece in answer.pieces():
        start = 0
        while start < piece.num_rows:
            if row == SHEET_ROWS:
                sheet, row = sheet + 1, 1
                stream.write(b"</table:table>" + _sheet(answer, sheet))
            part = piece.slice(start, SHEET_ROWS - row)
            stream.write(_rows(answer, part))
            start, row = start + part.num_rows, row + part.num_rows
    stream.write(f"</table:table>{_TAIL}".encode())


def _sheet(answer: Answer, number: int) -> bytes:
    name = "Données" if number == 1 else f"Données {number}"
    titles = _text(pa.array(answer.titles, pa.string()), ' table:style-name="head"')
    cells = "".join(titles.to_pylist())
    return f'<table:table table:name="{name}"><table:table-row>{cells}</table:table-row>\n'.encode()


def _rows(answer: Answer, piece: pa.RecordBatch) -> bytes:
    cells = [
        pc.fill_null(_cells(piece.column(rank), output, answer), _EMPTY) for rank, output in enumerate(answer.outputs)
    ]
    return joined_bytes(assembled("<table:table-row>", *cells, "</table:table-row>\n"))


def _cells(array: pa.Array, output: Output, answer: Answer) -> pa.Array:
    kind = array.type
    text = csv_column(array, output, answer.rendering)
    if pa.types.is_boolean(kind):
        shown = pc.if_else(array, 'true"><text:p>VRAI', 'false"><text:p>FAUX')
        return around('<table:table-cell office:value-type="boolean" office:boolean-value="', shown, _END)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _numbers(array)
    precision = output.column.annotations.get("timeserie_precision") if output.column else None
    if pa.types.is_date(kind) and precision not in ("year", "month"):
        opening = '<table:table-cell table:style-name="date" office:value-type="date" office:date-value="'
        return assembled_valid(text, opening, text, '"><text:p>', text, _END)
    return _text(text)


def _numbers(array: pa.Array) -> pa.Array:
    """Numbers; those a spreadsheet would round, being longer than 15 digits or so, and what is no number, as text."""
    text = numbers_as_text(array)
    opening = '<table:table-cell office:value-type="float" office:value="'
    written = assembled_valid(text, opening, text, '"><text:p>', text, _END)
    exact = pc.less_equal(pc.abs_checked(pc.cast(array, pa.float64(), safe=False)), float(_EXACT))
    return pc.if_else(pc.fill_null(exact, True), written, _text(text))


def assembled_valid(guide: pa.Array, *parts: pa.Array | str) -> pa.Array:
    """The parts one after the other, null where ``guide`` is null."""
    return pc.if_else(guide.is_valid(), assembled(*parts), pa.scalar(None, pa.string()))


def _text(text: pa.Array, style: str = "") -> pa.Array:
    """Cells of text: lines as paragraphs, and spaces that readers would fold into one kept."""
    escaped = xml_column(text)
    folded = pc.fill_null(pc.match_substring_regex(escaped, r"(?m)^ | $|  "), False)
    if pc.any(folded).as_py():
        escaped = pc.if_else(folded, pc.replace_substring(escaped, " ", "<text:s/>"), escaped)
    escaped = pc.replace_substring(escaped, "\t", "<text:tab/>")
    for end in ("&#13;\n", "\n", "&#13;"):
        escaped = pc.replace_substring(escaped, end, "</text:p><text:p>")
    return around(f'<table:table-cell{style} office:value-type="string"><text:p>', escaped, _END)
