"""The catalogue as an entity set: a row a dataset, with the address of its own service."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpRequest
from django.utils.translation import gettext as _

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.engine import MemorySource
from parvis.core.odata.edm import EntitySet, entity_set
from parvis.hub.apikeys.requests import actor_of_request
from parvis.web.api.explore.metas import METAS
from parvis.web.api.explore.snapshot import catalogue_view
from parvis.web.api.odata.endpoint import card_language, service_root

NAME = "datasets"
ADDRESS = "odata_url"
_SHOWN = (
    "dataset_id",
    "title",
    "description",
    "publisher",
    "theme",
    "keyword",
    "license",
    "territory",
    "records_count",
    "modified",
    "data_processed",
)
"""What of the metadata is shown: the rest is asked of the Explore API."""
_LABELS = {meta.column_name: meta.label for meta in METAS}


@dataclass(frozen=True, slots=True)
class CatalogueRows:
    """The datasets that the caller may know of, as rows, and a mark of their state."""

    entity: EntitySet
    source: MemorySource
    state: str


def catalogue_rows(request: HttpRequest) -> CatalogueRows:
    """The datasets that the caller may know of, as rows."""
    seen = catalogue_view(request, actor_of_request(request), card_language(request))
    table, root = seen.source.table, service_root(request)
    addresses = pc.binary_join_element_wise(root, table.column("dataset_id"), "/", "")
    shown = (column for name in _SHOWN if (column := seen.source.shape.get(name)) is not None)
    labelled = (replace(column, label=_LABELS.get(column.name, column.label)) for column in shown)
    shape = TableShape((*labelled, Column(ADDRESS, _("Adresse OData"), ColumnType.TEXT)))
    source = MemorySource(table.append_column(ADDRESS, addresses.cast(pa.string())), shape)
    return CatalogueRows(entity_set(NAME, _("Jeux de données"), shape), source, f"{seen.state} {root}")
