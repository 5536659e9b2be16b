"""Workbooks of a few hundred bytes that claim gigabytes."""

from __future__ import annotations

import io
import struct
import zipfile

import xlwt

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(
    sheet_data: str, *, before: str = "", after: str = "", strings: str = "", sheets: int = 1, aliases: int = 1
) -> bytes:
    """An XLSX of these parts; with ``aliases``, that many sheets are the same part."""
    names = [(rank, alias) for rank in range(1, sheets + 1) for alias in range(aliases)]
    listed = "".join(f'<sheet name="f{r}-{a}" sheetId="{i}" r:id="r{r}"/>' for i, (r, a) in enumerate(names, 1))
    related = "".join(
        f'<Relationship Id="r{rank}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{rank}.xml"/>'
        for rank in range(1, sheets + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{rank}.xml" ContentType="{_KIND}.worksheet+xml"/>'
            for rank in range(1, sheets + 1)
        )
        + (f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>' if strings else "")
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        + (f'<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>' if strings else "")
        + "</Relationships>",
    }
    for rank in range(1, sheets + 1):
        parts[f"xl/worksheets/sheet{rank}.xml"] = (
            f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{sheet_data}</sheetData>{after}</worksheet>'
        )
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    """These texts as members of a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def ods(rows: str) -> bytes:
    """An ODS of these rows."""
    name = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{name}:office:1.0" xmlns:table="{name}:table:1.0" '
        f'xmlns:text="{name}:text:1.0"><office:body><office:spreadsheet><table:table table:name="f">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{name}:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def cell(reference: str, value: str = "1", more: str = "") -> str:
    """A cell of an XLSX sheet."""
    return f'<row><c r="{reference}"{more}><v>{value}</v></c></row>'


def ods_cell(text: str, repeated: int = 1) -> str:
    """A cell of an ODS sheet that holds this text."""
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


SMALL = cell("A1") + cell("B2")
FAR = {
    "last cell": SMALL + cell("XFD1048576"),
    "far column": SMALL + cell("ZZ1048576"),
    "beyond the sheet": SMALL + cell("ZZZZZZ9"),
    "rows that overflow": SMALL + cell("B99999999999"),
    "single quotes": SMALL + "<row><c r='XFD1048576'><v>1</v></c></row>",
    "a second attribute first": SMALL + '<row><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "over two lines": SMALL + '<row><c\nr="XFD1048576"><v>1</v></c></row>',
    "a sign inside an attribute": SMALL + '<row><c t="n" x=">" r="XFD1048576"><v>1</v></c></row>',
    "prefixed": '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    + SMALL,
    "without references": "<row>" + "<c><v>1</v></c>" * 9_000 + "</row>" + "<row><c><v>1</v></c></row>" * 9_000,
    "far rows without references": SMALL + '<row r="1048576"><c><v>1</v></c></row>' + cell("XFD2"),
}
"""Sheets of an XLSX that extend over more cells than anybody fills."""
ODS_ROWS = {
    "rows": '<table:table-row table:number-rows-repeated="99000">' + ods_cell("a") * 1_000 + "</table:table-row>",
    "columns": "".join(f"<table:table-row>{ods_cell('a', 16_384)}</table:table-row>" for _ in range(4_000)),
    "rows of repeated columns": f'<table:table-row table:number-rows-repeated="9000">{ods_cell("a", 16_384)}</table:table-row>',
    "empty rows before a filled one": f"<table:table-row>{ods_cell('a', 16_000)}</table:table-row>"
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    f"<table:table-row>{ods_cell('b')}</table:table-row>",
    "a long text repeated": f'<table:table-row table:number-rows-repeated="2000">{ods_cell("a" * 100_000, 100)}</table:table-row>',
}
"""Rows of an ODS whose repetitions fill the memory."""
SHARED = {
    "one long text in many cells": (
        "".join(f'<row><c r="A{rank}" t="s"><v>0</v></c></row>' for rank in range(1, 20_001)),
        f'<sst xmlns="{_MAIN}" count="1" uniqueCount="1"><si><t>{"a" * 100_000}</t></si></sst>',
    ),
    "a count that is not true": (
        cell("A1", "0", ' t="s"') + SMALL,
        f'<sst xmlns="{_MAIN}" count="1" uniqueCount="88000000000"><si><t>a</t></si></sst>',
    ),
}
"""Cells and shared texts that take more memory together than alone."""


def far_xls() -> bytes:
    """An XLS one of whose numbers stands in the last column and row that its record can tell."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("f")
    sheet.write(0, 0, "a")
    sheet.write(1, 0, 1234.5)
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    for kind in (0x203, 0x27E):
        offset = content.find(struct.pack("<HHHH", kind, 14 if kind == 0x203 else 10, 1, 0))
        if offset >= 0:
            return content[: offset + 4] + struct.pack("<HH", 65_535, 65_535) + content[offset + 8 :]
    raise AssertionError("no number in this workbook")


def looped_xls() -> bytes:
    """An XLS whose directory never ends: each of its sectors is followed by itself."""
    book = xlwt.Workbook()
    book.add_sheet("f").write(0, 0, "a")
    stream = io.BytesIO()
    book.save(stream)
    content = bytearray(stream.getvalue())
    (directory,) = struct.unpack_from("<I", content, 48)
    (fat,) = struct.unpack_from("<I", content, 76)
    struct.pack_into("<I", content, (fat + 1) * 512 + directory * 4, directory)
    return bytes(content)
