"""A form as an XLSForm: a spreadsheet that KoboToolbox, ODK and others read, and ``reading`` too."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import xlsxwriter

from parvis.core.surveys.model import Choice, Field, Form, Kind
from parvis.core.surveys.xlsform.constraints import constraint_of

SURVEY = ("type", "name", "label", "hint", "required", "relevant", "constraint", "appearance", "repeat_count")
CHOICES = ("list_name", "name", "label")
SETTINGS = ("form_title", "form_id", "version")
TYPES = {
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "decimal",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.POINT: "geopoint",
    Kind.LINE: "geotrace",
    Kind.AREA: "geoshape",
    Kind.PHOTO: "image",
    Kind.NOTE: "note",
}
YES_NO = "oui_non"
YES_NO_CHOICES = (Choice("oui", "Oui"), Choice("non", "Non"))

type Row = dict[str, str]


def write_xlsform(form: Form, title: str, identifier: str, version: str = "") -> bytes:
    """The spreadsheet. Least and most entries of a repeated group have no place in the format, and stay out of it."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        _sheet(book, "survey", SURVEY, _rows(form))
        _sheet(book, "choices", CHOICES, _choices(form))
        _sheet(book, "settings", SETTINGS, [{"form_title": title, "form_id": identifier, "version": version}])
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, columns: tuple[str, ...], rows: Iterator[Row] | list[Row]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, bold)
    sheet.set_column(0, len(columns) - 1, 24)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            if row.get(column):
                sheet.write_string(number, place, row[column])


def _rows(form: Form) -> Iterator[Row]:
    for number, section in enumerate(form.sections, start=1):
        is_group = bool(section.title or section.condition or section.hint)
        if is_group:
            name = f"partie_{number}"
            yield {"type": "begin_group", "name": name, "label": section.title, "relevant": section.condition}
            if section.hint:
                yield {"type": "note", "name": f"{name}_aide", "label": section.hint, "appearance": "section-hint"}
        for field in section.fields:
            yield from _field_rows(field)
        if is_group:
            yield {"type": "end_group"}


def _field_rows(field: Field) -> Iterator[Row]:
    common = {"name": field.name, "label": field.label, "hint": field.hint, "relevant": field.condition}
    if field.kind is Kind.REPEAT:
        yield {"type": "begin_repeat", **{name: text for name, text in common.items() if name != "hint"}}
        for item in field.fields:
            yield from _field_rows(item)
        yield {"type": "end_repeat"}
        return
    yield {
        **common,
        "type": _type(field),
        "required": "yes" if field.required else "",
        "constraint": constraint_of(field),
        "appearance": "multiline" if field.kind is Kind.LONG_TEXT else "",
    }


def _type(field: Field) -> str:
    if field.kind is Kind.YES_NO:
        return f"select_one {YES_NO}"
    if field.kind.has_choices:
        return f"select_{'one' if field.kind is Kind.ONE else 'multiple'} {_list(field)}"
    return TYPES[field.kind]


def _list(field: Field) -> str:
    return f"liste_{field.name}"


def _choices(form: Form) -> Iterator[Row]:
    fields = list(form.every_field())
    if any(field.kind is Kind.YES_NO for field in fields):
        yield from ({"list_name": YES_NO, "name": choice.value, "label": choice.label} for choice in YES_NO_CHOICES)
    for field in fields:
        if field.kind.has_choices:
            yield from (
                {"list_name": _list(field), "name": choice.value, "label": choice.label} for choice in field.choices
            )
