"""The spreadsheet to fill that a schema promises: header with notes, lists to choose from, formats, an example, explanations."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from parvis.core.schemas.model import Field, TableSchema
from parvis.core.schemas.template_words import expected, word

_ROWS = 5_000
"""Rows on which lists and limits hold."""
_NOTE = 1_000
_INLINE = 250
"""Characters of a list that a spreadsheet takes in the rule itself; longer ones are on a sheet of their own."""
_LONGEST_CELL = 32_000
_INK, _ACCENT, _STONE, _PALE = "#1d2433", "#0b5a60", "#f6f3ed", "#e3efef"
_JSON = ("array", "object", "geojson")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?")


def example_of(item: Field, schema: TableSchema) -> str:
    """The example that the schema gives of a field, as the text of a cell; empty when it gives none."""
    raw: Mapping[str, Any] = next((f for f in schema.raw.get("fields", ()) if f.get("name") == item.name), {})
    example = item.example if item.example not in (None, "") else raw.get("examples")
    if isinstance(example, (list, dict)) and item.type in _JSON:
        return json.dumps(example, ensure_ascii=False)
    if isinstance(example, list):
        example = example[0] if example else ""
    if isinstance(example, bool):
        return (item.true_values if example else item.false_values)[0]
    return "" if example is None else str(example)


def template(schema: TableSchema, language: str = "fr") -> bytes:
    """The XLSX file of a schema. Text columns are in the « Text » format, so that codes keep their zeros."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": schema.title or schema.name, "comments": f"{schema.name} {schema.version}".strip()}
        )
        _Template(book, schema, language).write()
    return buffer.getvalue()


class _Template:
    """Writes the sheets of one schema."""

    def __init__(self, book: xlsxwriter.Workbook, schema: TableSchema, language: str) -> None:
        self.book, self.schema, self.language = book, schema, language
        self.formats: dict[str, Format] = {
            "text": book.add_format({"num_format": 49}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "integer": book.add_format({"num_format": "0"}),
            "number": book.add_format({"num_format": "General"}),
            "required": book.add_format(
                {"bold": True, "font_color": "#ffffff", "bg_color": _ACCENT, "border": 1, "num_format": 49}
            ),
            "optional": book.add_format(
                {"bold": True, "font_color": _INK, "bg_color": _STONE, "border": 1, "num_format": 49}
            ),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "strong": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": _PALE}),
            "title": book.add_format({"bold": True, "font_size": 14, "font_color": _ACCENT}),
        }

    def write(self) -> None:
        """All sheets, the one to fill first."""
        data = self.book.add_worksheet(word("data", self.language))
        example = self.book.add_worksheet(word("example", self.language))
        explanation = self.book.add_worksheet(word("explanation", self.language))
        lists = self.book.add_worksheet(word("lists", self.language))
        lists.hide()
        for sheet in (data, example):
            self._header(sheet)
        for rank, item in enumerate(self.schema.fields):
            self._rule(data, lists, rank, item)
            self._sample(example, rank, item)
        self._explain(explanation)
        data.activate()

    def _header(self, sheet: Worksheet) -> None:
        sheet.freeze_panes(1, 0)
        for rank, item in enumerate(self.schema.fields):
            sheet.set_column(rank, rank, min(40, max(12, len(item.name) + 2)), self.formats[_format_name(item)])
            sheet.write_string(
                0, rank, item.name[:_LONGEST_CELL], self.formats["required" if item.required else "optional"]
            )
            sheet.write_comment(0, rank, self._note(item), {"x_scale": 2.2, "y_scale": 2, "author": "Parvis"})

    def _note(self, item: Field) -> str:
        lines = [
            item.title,
            word("required_note" if item.required else "optional_note", self.language),
            expected(item, self.language),
        ]
        if sample := example_of(item, self.schema):
            lines.append(word("sample", self.language).format(sample=sample))
        lines.append(_plain(item.description))
        return "\n".join(part for part in lines if part)[:_NOTE]

    def _rule(self, data: Worksheet, lists: Worksheet, rank: int, item: Field) -> None:
        choices = choices_of(item)
        if choices:
            inline = sum(map(len, choices)) + len(choices) <= _INLINE and not any("," in choice for choice in choices)
            for row, choice in enumerate(choices if not inline else ()):
                lists.write_string(row, rank, choice[:_LONGEST_CELL])
            sheet_name = word("lists", self.language)
            column = xlsxwriter.utility.xl_col_to_name(rank)
            source: Any = list(choices) if inline else f"='{sheet_name}'!${column}$1:${column}${len(choices)}"
            self._validate(
                data, rank, {"validate": "list", "source": source}, "not_listed", word("choose", self.language)
            )
        elif item.type == "date" and _format_name(item) == "date":
            between = {
                "validate": "date",
                "criteria": "between",
                "minimum": dt.date(1900, 1, 1),
                "maximum": dt.date(9999, 12, 31),
            }
            self._validate(data, rank, between, "not_date", self._check(item))
        elif item.type in ("integer", "number"):
            low, high = _limits(item)
            kind = "integer" if item.type == "integer" else "decimal"
            self._validate(
                data,
                rank,
                {"validate": kind, "criteria": "between", "minimum": low, "maximum": high},
                "not_number",
                self._check(item),
            )

    def _check(self, item: Field) -> str:
        return word("check", self.language).format(expected=expected(item, self.language))

    def _validate(self, sheet: Worksheet, rank: int, rule: Mapping[str, Any], title: str, message: str) -> None:
        error_options = {
            "error_title": word(title, self.language)[:32],
            "error_message": message[:255],
            "error_type": "warning",
            "ignore_blank": True,
        }
        sheet.data_validation(1, rank, _ROWS, rank, {**rule, **error_options})

    def _sample(self, sheet: Worksheet, rank: int, item: Field) -> None:
        choices = choices_of(item) if item.required else ()
        text = example_of(item, self.schema) or (choices[0] if choices else "")
        if not text:
            return
        if _format_name(item) == "date" and (day := _day(text)):
            sheet.write_datetime(1, rank, dt.datetime.combine(day, dt.time()), self.formats["date"])
        elif (
            item.type in ("integer", "number")
            and _NUMBER.fullmatch(text)
            and str(float(text) if "." in text else int(text)) == text
        ):
            sheet.write_number(1, rank, float(text), self.formats["number"])
        else:
            sheet.write_string(1, rank, text[:_LONGEST_CELL], self.formats["text"])

    def _explain(self, sheet: Worksheet) -> None:
        name = f"{self.schema.title or self.schema.name} — {word('schema', self.language)} {self.schema.name}"
        version = f", {word('version', self.language)} {self.schema.version}" if self.schema.version else ""
        sheet.write_string(0, 0, (name + version)[:_LONGEST_CELL], self.formats["title"])
        sheet.merge_range(1, 0, 1, 6, word("intro", self.language), self.formats["wrap"])
        sheet.set_row(1, 50)
        heads = ("column", "title", "required", "type", "values", "example", "description")
        for rank, (head, width) in enumerate(zip(heads, (24, 32, 12, 30, 40, 30, 80), strict=True)):
            sheet.set_column(rank, rank, width)
            sheet.write_string(3, rank, word(head, self.language), self.formats["strong"])
        for row, item in enumerate(self.schema.fields, start=4):
            cells = (
                item.name, item.title, word("yes" if item.required else "no", self.language), expected(item, self.language),
                ", ".join(choices_of(item)), example_of(item, self.schema), _plain(item.description),
            )  # fmt: skip
            for rank, cell in enumerate(cells):
                sheet.write_string(row, rank, cell[:_LONGEST_CELL], self.formats["wrap"])
        sheet.freeze_panes(4, 1)


def choices_of(item: Field) -> tuple[str, ...]:
    """The values that a field takes when they can be listed: those of its list, or of yes and no."""
    enum = item.constraints.get("enum")
    if isinstance(enum, list):
        return tuple(str(value) for value in enum if value not in ("", None))
    return (
        (item.true_values[0], item.false_values[0])
        if item.type == "boolean" and item.true_values and item.false_values
        else ()
    )


def _format_name(item: Field) -> str:
    if item.type == "date" and ("%" not in item.format or item.format == "%Y-%m-%d"):
        return "date"
    return item.type if item.type in ("integer", "number") else "text"


def _limits(item: Field) -> tuple[float, float]:
    low, high = -1e15, 1e15
    try:
        low = float(item.constraints.get("minimum", low))
        high = float(item.constraints.get("maximum", high))
    except (TypeError, ValueError):
        return -1e15, 1e15
    return (low, high) if low <= high else (-1e15, 1e15)


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year >= 1900 and day.isoformat() == text else None


def _plain(markdown: str) -> str:
    """Text without the marks of links and emphasis."""
    return re.sub(r"\[([^\]]{1,300})\]\([^)]{1,500}\)", r"\1", markdown).replace("**", "").strip()
