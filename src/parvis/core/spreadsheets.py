"""Tables that people open in a spreadsheet, and bring back as it wrote them."""

from __future__ import annotations


def spreadsheet_cell(value: object) -> object:
    """A text that a spreadsheet does not take for a formula: titles are strangers’.

    >>> spreadsheet_cell("=1+1"), spreadsheet_cell("Vélos"), spreadsheet_cell(-1)
    ("'=1+1", 'Vélos', -1)
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def spreadsheet_text(body: bytes) -> str:
    """What a spreadsheet saved: « Unicode text », which is UTF-16, UTF-8, else as Windows writes what Excel calls CSV.

    >>> spreadsheet_text("été".encode("utf-16")), spreadsheet_text("été".encode("cp1252"))
    ('été', 'été')
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace").replace("\0", "")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    return text.replace("\0", "")
