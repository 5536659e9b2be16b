"""The tables of every room as CSV and JSON, read once for both, in the words of the instance rather than its keys."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import urlsplit, urlunsplit

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, FileField, Model, QuerySet
from wagtail.blocks import StreamValue
from wagtail.models import Revision

from parvis.hub.carried import Carried
from parvis.hub.departure.other_tables import CARRIED, LEFT
from parvis.hub.departure.rules import Choices, safe_part
from parvis.hub.records.models import CivicRecord
from parvis.hub.registry import modules

if TYPE_CHECKING:
    from parvis.hub.departure.folder import ExportFolder

NATURAL: Final = {
    "accounts.Organisation": ("slug",),
    "accounts.Person": ("email",),
    "catalogue.Dataset": ("dataset_id",),
    "catalogue.Version": ("name",),
    "contenttypes.ContentType": ("app_label", "model"),
    "territories.Territory": ("kind", "code"),
    "wagtailcore.Site": ("hostname",),
}
"""What names a row of these tables elsewhere than here, its parts joined by a colon; for records it is their address."""

MACHINERY: Final = frozenset(
    {
        "draft_title",
        "expire_at",
        "expired",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "live",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "search_text",
    }
)
"""Columns of Wagtail and of searches that mean nothing elsewhere."""

PERSON: Final = "accounts.Person"
_BATCH = 1_000


class ValueEncoder(DjangoJSONEncoder):
    """Values of columns, bodies of pages and menus among them."""

    def default(self, o: Any) -> Any:
        """A body as its library keeps it."""
        return o.get_prep_value() if isinstance(o, StreamValue) else super().default(o)


_ENCODER: Final = ValueEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as it is written: its name, where its value is read, and whether that is a file."""

    name: str
    lookups: tuple[str, ...]
    is_file: bool = False
    is_address: bool = False

    def value(self, values: Sequence[Any], media: Callable[[str], str]) -> Any:
        """The value of a row, of what its lookups gave."""
        if self.is_file:
            return media(values[0]) if values[0] else ""
        if self.is_address:
            return without_keys(str(values[0] or ""))
        if len(values) == 1:
            return values[0]
        return None if values[0] is None else ":".join(map(str, values))


def without_keys(text: str) -> str:
    """An address without its query nor who signs in there; what is no address as it is."""
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def carried_tables() -> list[Carried]:
    """Every table that leaves, in order."""
    return [*CARRIED, *(table for module in modules() for table in module.carried)]


def left_tables() -> dict[str, str]:
    """Every table that stays, and why."""
    left = dict(LEFT)
    for module in modules():
        left |= module.left
    # A library has not the same tables on every database.
    installed = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    return {label: why for label, why in sorted(left.items()) if label in installed}


def model_of(table: Carried) -> type[Model]:
    """The model that it names."""
    return apps.get_model(table.model)


def columns_of(table: Carried, choices: Choices) -> list[TableColumn]:
    """The columns that leave, those that lead to people with them alone."""
    fields = {row.name: row for row in model_of(table)._meta.concrete_fields}
    columns = []
    for name, field in fields.items():
        if name in table.without or name in MACHINERY or isinstance(field, BinaryField):
            continue
        target = field.related_model._meta.label if field.is_relation and field.related_model else ""  # type: ignore[union-attr]
        if (target == PERSON or name in table.persons) and not choices.with_people:
            continue
        if choices.public_only and name not in table.public_columns:
            continue
        columns.append(
            TableColumn(name, _lookups(name, field, target), isinstance(field, FileField), name in table.addresses)
        )
    return columns


def _lookups(name: str, field: Field[Any, Any], target: str) -> tuple[str, ...]:
    natural = NATURAL.get(target, ())
    if target and issubclass(field.related_model, CivicRecord):  # type: ignore[arg-type]
        natural = ("slug",)
    return tuple(f"{name}__{part}" for part in natural) or (field.attname,)


def rows_of(
    table: Carried, choices: Choices, datasets: Iterable[int] | QuerySet[Any] | None = None
) -> QuerySet[Any] | None:
    """The rows that leave, of these datasets where they are of some; None when none of the table does."""
    rows = model_of(table)._base_manager.all()
    if table.is_of_people and not choices.with_people:
        return None
    if choices.public_only:
        if table.public is None:
            return None
        rows = table.public(rows)
    if table.unless_people is not None and not choices.with_people:
        rows = table.unless_people(rows)
    if table.dataset and datasets is not None:
        rows = rows.filter(**{f"{table.dataset}__in" if table.dataset != "pk" else "pk__in": datasets})
    return rows.order_by("pk")


def write_table(
    folder: ExportFolder, path: str, table: Carried, rows: QuerySet[Any], choices: Choices, media: Callable[[str], str]
) -> int:
    """The table as ``path``.csv and ``path``.json; how many rows it has."""
    columns, count = columns_of(table, choices), 0

    def write(streams: Sequence[BinaryIO]) -> None:
        nonlocal count
        count = write_rows(streams[0], streams[1], [column.name for column in columns], _values(columns, rows, media))

    folder.put_together([f"{path}.csv", f"{path}.json"], write)
    return count


def _values(columns: Sequence[TableColumn], rows: QuerySet[Any], media: Callable[[str], str]) -> Iterator[list[Any]]:
    lookups = [lookup for column in columns for lookup in column.lookups]
    for read in rows.values_list(*lookups).iterator(chunk_size=_BATCH):
        place, values = 0, []
        for column in columns:
            after = place + len(column.lookups)
            values.append(column.value(read[place:after], media))
            place = after
        yield values


def datasets_with_rows(table: Carried, choices: Choices) -> frozenset[int]:
    """The keys of the datasets that have rows there which leave."""
    rows = rows_of(table, choices)
    if rows is None:
        return frozenset()
    return frozenset(rows.order_by().values_list(table.dataset, flat=True).distinct().iterator())


def told_rows(
    table: Carried, rows: QuerySet[Any], choices: Choices, media: Callable[[str], str]
) -> list[dict[str, Any]]:
    """The same as values of JSON, for the few rows of one dataset."""
    columns = columns_of(table, choices)
    names = [column.name for column in columns]
    facts = [dict(zip(names, values, strict=True)) for values in _values(columns, rows, media)]
    plain: list[dict[str, Any]] = json.loads(_ENCODER.encode(facts))
    return plain


def write_rows(as_csv: BinaryIO, as_json: BinaryIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Rows in both, side by side: CSV with semicolons and the mark that spreadsheets look for, a JSON list with a row a line."""
    count, sheet = 0, io.StringIO(newline="")
    lines = csv.writer(sheet, delimiter=";")

    def write_line(values: Sequence[Any]) -> None:
        lines.writerow(values)
        as_csv.write(sheet.getvalue().encode("utf-8", "replace"))
        sheet.seek(0)
        sheet.truncate()

    sheet.write("\ufeff")
    write_line(names)
    as_json.write(b"[")
    for count, values in enumerate(rows, 1):
        text = _ENCODER.encode(dict(zip(names, values, strict=True)))
        write_line([_cell(value) for value in values])
        as_json.write(((",\n" if count > 1 else "\n") + text).encode("utf-8", "replace"))
    as_json.write(b"\n]\n")
    return count


def _cell(value: Any) -> str:
    """A value as its JSON says it, texts without quotes."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | dict | list | tuple):
        return _ENCODER.encode(value)
    return _cell(_ENCODER.default(value))


def write_revisions(folder: ExportFolder, table: Carried, choices: Choices) -> int:
    """What every record of a kind was after each change, as its library keeps it; how many revisions there are."""
    model = model_of(table)
    if choices.public_only or not issubclass(model, CivicRecord) or model.leaves_no_trace:
        return 0
    names = ["object_id", "created_at", "content"]
    columns = {column.name for column in columns_of(table, choices)}
    hidden = {row.name for row in model._meta.get_fields() if getattr(row, "concrete", False)} - columns
    kind = ContentType.objects.get_for_model(model)
    revisions = Revision.objects.filter(content_type=kind).order_by("pk")
    count = 0

    def rows() -> Iterator[list[Any]]:
        for number, moment, content in revisions.values_list(*names).iterator(chunk_size=_BATCH):
            yield [number, moment, {name: value for name, value in content.items() if name not in hidden}]

    def write(streams: Sequence[BinaryIO]) -> None:
        nonlocal count
        count = write_rows(io.BytesIO(), streams[0], names, rows())

    folder.put_together([f"{table.name}-revisions.json"], write)
    return count


def withheld_media(choices: Choices) -> set[str]:
    """The names of the files that only rows or columns that stay name."""
    shown: set[str] = set()
    hidden: set[str] = set()
    for table in carried_tables():
        model = model_of(table)
        files = [row.name for row in model._meta.concrete_fields if isinstance(row, FileField)]
        if not files:
            continue
        every = model._base_manager.all().order_by("pk")
        rows = rows_of(table, choices)
        columns = {column.name for column in columns_of(table, choices)}
        for name in files:
            hidden.update(filter(None, every.values_list(name, flat=True).iterator()))
            if rows is not None and name in columns:
                shown.update(filter(None, rows.values_list(name, flat=True).iterator()))
    for label in left_tables():
        model = apps.get_model(label)
        for row in model._meta.concrete_fields:
            if isinstance(row, FileField):
                hidden.update(filter(None, model._base_manager.values_list(row.name, flat=True).iterator()))
    return hidden - shown


def media_place(name: str) -> str:
    """Where a file of pages, cards and records goes, before clashes."""
    return "/".join(["medias", *(safe_part(part) for part in name.split("/"))])
