"""The catalogue as a table, so that it is asked in the same language as any dataset."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import MemorySource
from parvis.core.odsql import Names

_T = ColumnType
_MANY = {"multivalued": ","}
_FACET = {"facet": True}

type Getter = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Meta:
    """One queryable thing of a dataset object: its name, type, where it stands, and whether it is a facet."""

    name: str
    type: ColumnType
    get: Getter
    many: bool = False
    facet: bool = False

    @property
    def column(self) -> Column:
        """Its column."""
        annotations = (_MANY if self.many else {}) | (_FACET if self.facet else {})
        return Column(self.name, self.name, self.type, annotations=annotations)


def _root(name: str) -> Getter:
    return lambda row: row[name]


def _default(name: str) -> Getter:
    return lambda row: row["metas"]["default"][name]


def _dcat(name: str) -> Getter:
    return lambda row: row["metas"]["dcat"][name]


def _as_json(name: str) -> Getter:
    return lambda row: json.dumps(row[name], ensure_ascii=False)


JSON_KEYS = ("fields", "attachments")
"""Parts of the object that may be selected, kept as text in the table."""

_DCAT_TEXT = ("created", "issued", "creator", "contact_name", "accrualperiodicity", "spatial", "accessRights")

METAS = (
    Meta("dataset_id", _T.TEXT, _root("dataset_id")),
    Meta("dataset_uid", _T.TEXT, _root("dataset_uid")),
    Meta("has_records", _T.BOOLEAN, _root("has_records")),
    Meta("features", _T.TEXT, _root("features"), many=True, facet=True),
    Meta("visibility", _T.TEXT, _root("visibility")),
    Meta("title", _T.TEXT, _default("title")),
    Meta("description", _T.TEXT, _default("description")),
    Meta("theme", _T.TEXT, _default("theme"), many=True, facet=True),
    Meta("keyword", _T.TEXT, _default("keyword"), many=True, facet=True),
    Meta("license", _T.TEXT, _default("license"), facet=True),
    Meta("license_url", _T.TEXT, _default("license_url")),
    Meta("language", _T.TEXT, _default("language"), facet=True),
    Meta("modified", _T.DATETIME, _default("modified"), facet=True),
    Meta("data_processed", _T.DATETIME, _default("data_processed")),
    Meta("metadata_processed", _T.DATETIME, _default("metadata_processed")),
    Meta("territory", _T.TEXT, _default("territory"), many=True, facet=True),
    Meta("publisher", _T.TEXT, _default("publisher"), facet=True),
    Meta("references", _T.TEXT, _default("references")),
    Meta("records_count", _T.INT, _default("records_count")),
    Meta("attributions", _T.TEXT, _default("attributions"), many=True),
    Meta("update_frequency", _T.TEXT, _default("update_frequency")),
    *(Meta(f"dcat.{name}", _T.TEXT, _dcat(name)) for name in _DCAT_TEXT),
    *(Meta(name, _T.JSON, _as_json(name)) for name in JSON_KEYS),
)
SHAPE = TableShape(tuple(meta.column for meta in METAS))
NAMES = Names(
    SHAPE,
    aliases={
        "datasetid": "dataset_id",
        **{f"default.{meta.name}": meta.name for meta in METAS if "." not in meta.name},
    },
    forbidden=frozenset({"data_visible"}),
)
"""Bare names for basic metadata, qualified ones for the rest (specification, section 10.1)."""

_ARROW = {
    _T.BOOLEAN: pa.bool_(),
    _T.INT: pa.int64(),
    _T.DATETIME: pa.timestamp("us", "UTC"),
}


def catalogue_source(objects: list[dict[str, Any]]) -> MemorySource:
    """The table of these dataset objects, in their order."""
    return MemorySource(pa.table({meta.name: _cells(meta, objects) for meta in METAS}), SHAPE)


def _cells(meta: Meta, objects: list[dict[str, Any]]) -> pa.Array:
    values = [meta.get(row) for row in objects]
    if meta.type is _T.DATETIME:
        values = [datetime.fromisoformat(value) if value else None for value in values]
    kind = _ARROW.get(meta.type, pa.string())
    return pa.array(values, pa.list_(kind) if meta.many else kind)
