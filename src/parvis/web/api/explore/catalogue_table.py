"""The catalogue as a table, so that it is asked in the same language as any dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import MemorySource
from parvis.core.engine.contract import ROW, SEARCH, UNSEARCHED
from parvis.core.engine.plans import SearchedWords
from parvis.core.odsql import Names
from parvis.hub.datastore.selectors import engine
from parvis.web.api.explore.metas import METAS

_T = ColumnType
FACETS = ("features", "theme", "keyword", "publisher", "language", "license", "modified")
"""The catalogue's facets when none is named (specification, section 10.2)."""
MOST_CUSTOM = 200
"""Added metadata that may be asked; the others are shown in objects only."""

_READABLE = frozenset(
    {"dataset_id", "title", "description", "theme", "keyword", "publisher", "territory", "attributions"}
)


@dataclass(frozen=True, slots=True)
class QueryableMeta:
    """One queryable thing of dataset objects: its name, type, and where it is in them."""

    name: str
    type: ColumnType
    path: tuple[str, ...]
    many: bool = False

    @property
    def is_added(self) -> bool:
        """Whether it is one that some portals have: ``custom`` metadata, and those of templates that ``METAS`` has not."""
        return self.path == (self.name,) and "." in self.name

    @property
    def column(self) -> Column:
        """Its column."""
        annotations: dict[str, Any] = {"multivalued": ","} if self.many else {}
        if self.name in FACETS:
            annotations["facet"] = True
        if self.name not in _READABLE and not self.is_added:
            annotations[UNSEARCHED] = True
        return Column(self.name, self.name, self.type, annotations=annotations)

    def value(self, row: dict[str, Any]) -> Any:
        """What the object says, None when it is silent."""
        node: Any = row
        for name in self.path:
            node = node.get(name)
            if node is None:
                return None
        return node


_ROOT = (
    QueryableMeta("dataset_id", _T.TEXT, ("dataset_id",)),
    QueryableMeta("dataset_uid", _T.TEXT, ("dataset_uid",)),
    QueryableMeta("has_records", _T.BOOLEAN, ("has_records",)),
    QueryableMeta("features", _T.TEXT, ("features",), many=True),
    QueryableMeta("visibility", _T.TEXT, ("visibility",)),
    *(QueryableMeta(name, _T.JSON, (name,)) for name in ("fields", "attachments", "alternative_exports")),
)
FIXED = (
    *_ROOT,
    *(QueryableMeta(m.column_name, m.type, ("metas", m.template, m.name), m.many) for m in METAS),
)
FIXED_NAMES = frozenset(meta.name for meta in FIXED)
EXPORTED = tuple(m.qualified for m in METAS if m.template in ("default", "dcat"))
"""Columns of the catalogue's tables, custom metadata and ``datasetid`` aside (specification, section 10.3)."""


def fixed_table(objects: Iterable[dict[str, Any]]) -> pa.Table:
    """These dataset objects as rows, without their custom metadata: a column is then the same whatever datasets there are."""
    rows = list(objects)
    return _with_words(pa.table({meta.name: cells(meta, rows) for meta in FIXED}), FIXED)


def with_custom(table: pa.Table, customs: Sequence[Mapping[str, Any]]) -> tuple[MemorySource, Names]:
    """The table of the catalogue, from that of its fixed columns and the added metadata of each row; the names it may be asked by.

    Basic metadata go by their bare name or as ``default.<name>``, the others by ``<template>.<name>`` (section 10.1), all of them
    by where they are in objects too (``metas.explore.popularity_score``), as clients write it.
    """
    added = added_metas(customs)
    if added:
        columns = pa.table({meta.name: cells(meta, map(dict, customs)) for meta in added})
        words = _with_words(columns, added).column(SEARCH)
        whole = pc.binary_join_element_wise(table.column(SEARCH), pc.utf8_ltrim_whitespace(words), "")
        table = table.set_column(table.schema.get_field_index(SEARCH), SEARCH, whole)
        for name in columns.column_names:
            table = table.append_column(name, columns.column(name))
    table = table.append_column(ROW, pa.array(range(1, table.num_rows + 1), pa.int64()))
    shape = TableShape(tuple(meta.column for meta in (*FIXED, *added)))
    aliases = {"datasetid": "dataset_id"} | {f"default.{m.name}": m.name for m in METAS if m.template == "default"}
    aliases |= {f"metas.{m.qualified}": m.column_name for m in METAS}
    aliases |= {f"metas.{meta.name}": meta.name for meta in added}
    return MemorySource(table, shape), Names(shape, aliases=aliases, forbidden=frozenset({"data_visible"}))


def _with_words(table: pa.Table, metas: Sequence[QueryableMeta]) -> pa.Table:
    """The table with the words of each row that a search looks through, as the engine makes them."""
    source = MemorySource(table, TableShape(tuple(meta.column for meta in metas)))
    words = pa.array([], pa.string())
    if table.num_rows:
        batches = engine().stream(source, SearchedWords())
        words = pa.Table.from_batches(batches, batches.schema).column(0)
    return table.append_column(SEARCH, words)


def with_addresses(table: pa.Table, base: str) -> pa.Table:
    """The table with the full addresses of documents: that of the API is ``base``."""
    texts = table.column("attachments")
    # Inside a text, quotes are escaped: this is nothing but the beginning of a relative address.
    full = pc.replace_substring(texts, '"url": "/', f'"url": {json.dumps(f"{base}/")[:-1]}')
    return table.set_column(table.schema.get_field_index("attachments"), "attachments", full)


def with_metas(table: pa.Table, metas: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """The table with other values of some basic metadata, by dataset."""
    names = {name for values in metas.values() for name in values}
    identifiers = table.column("dataset_id").to_pylist()
    for meta in (meta for meta in FIXED if meta.name in names):
        others = cells(meta, [{"metas": {"default": metas.get(dataset_id, {})}} for dataset_id in identifiers])
        is_other = pa.array([meta.name in metas.get(dataset_id, {}) for dataset_id in identifiers])
        chosen = pc.if_else(is_other, others, table.column(meta.name).combine_chunks())
        table = table.set_column(table.schema.get_field_index(meta.name), meta.name, chosen)
    return table


def added_values(metas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What an object says in templates whose names no row of ``METAS`` has, by qualified name: ``custom.service``, ``inspire.theme``."""
    return {
        f"{template}.{name}": value
        for template, values in metas.items()
        if template not in _FIXED_TEMPLATES
        for name, value in values.items()
    }


_FIXED_TEMPLATES = frozenset(meta.template for meta in METAS)


def added_metas(customs: Iterable[Mapping[str, Any]]) -> tuple[QueryableMeta, ...]:
    """One row for each name met in what ``added_values`` gives of datasets, typed after its values."""
    values: dict[str, list[Any]] = {}
    for custom in customs:
        for name, value in custom.items():
            if name in values or len(values) < MOST_CUSTOM:
                values.setdefault(name, []).append(value)
    return tuple(
        QueryableMeta(name, kind, (name,), many)
        for name, (kind, many) in ((name, _type_of(given)) for name, given in values.items())
    )


def _type_of(values: list[Any]) -> tuple[ColumnType, bool]:
    present = [value for value in values if value is not None]
    if any(isinstance(value, list) for value in present):
        return _T.TEXT, True
    for python, kind in _SCALARS:
        if present and all(type(value) in python for value in present):
            return kind, False
    return _T.TEXT, False


_SCALARS: tuple[tuple[tuple[type, ...], ColumnType], ...] = (
    ((bool,), _T.BOOLEAN),
    ((int,), _T.INT),
    ((int, float), _T.DOUBLE),
    ((dict,), _T.JSON),
)
_ARROW = {
    _T.BOOLEAN: pa.bool_(),
    _T.INT: pa.int64(),
    _T.DOUBLE: pa.float64(),
    _T.DATE: pa.date32(),
    _T.DATETIME: pa.timestamp("us", "UTC"),
}


def cells(meta: QueryableMeta, objects: Iterable[dict[str, Any]]) -> pa.Array:
    """The column of a metadata of these objects."""
    kind = _ARROW.get(meta.type, pa.string())
    convert = _CONVERTERS.get(meta.type, lambda value: value)
    values = [meta.value(row) for row in objects]
    if meta.many:
        listed = [None if value is None else _texts(value) for value in values]
        return pa.array(listed, pa.list_(kind))
    return pa.array([None if value is None else convert(value) for value in values], kind)


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else [value]) if one is not None]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _whole(value: int) -> int | None:
    return value if -(2**63) <= value < 2**63 else None


_CONVERTERS: dict[ColumnType, Callable[[Any], Any]] = {
    _T.TEXT: _text,
    _T.INT: _whole,
    _T.DOUBLE: float,
    _T.JSON: lambda value: json.dumps(value, ensure_ascii=False),
    _T.DATE: date.fromisoformat,
    _T.DATETIME: datetime.fromisoformat,
}
