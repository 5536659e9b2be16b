"""What is measured on the rows that a commune's site shows, where these are not all the rows of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache

from parvis.core.columns import TableShape
from parvis.core.errors import NotFound
from parvis.core.versions.facts import VersionFacts
from parvis.hub.catalogue.selectors import every_published_dataset
from parvis.hub.datastore.selectors import source_of
from parvis.web.api.explore.catalogue_stock import Entry
from parvis.web.api.explore.metas import metas_of_facts

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.sites.lens import Lens

_subsets: LRUCache[tuple[str, int, str], dict[str, Any]] = LRUCache(20_000)
"""By version, stamp of the dataset (rows may lie over the version) and commune."""


def metas_through(lens: Lens, entries: Mapping[int, Entry]) -> dict[str, dict[str, Any]]:
    """By dataset, the basic metadata that are measured on its rows; those that the site shows whole are left out."""
    rows = every_published_dataset().prefetch_related(None).defer("current__facts").order_by().iterator()
    measured = ((row, entries[row.pk]) for row in rows if row.pk in entries and _is_narrowed(row, lens))
    return {row.dataset_id: metas for row, entry in measured if (metas := _metas(row, entry, lens)) is not None}


def _is_narrowed(row: Dataset, lens: Lens) -> bool:
    return row.organisation.territory_id != lens.territory and row.current.rows_by_commune != {}


def _metas(row: Dataset, entry: Entry, lens: Lens) -> dict[str, Any] | None:
    count = (row.current.rows_by_commune or {}).get(lens.key)
    if count is not None and not entry.has_extent:  # nothing else is measured: no folder is opened
        return metas_of_facts(VersionFacts(TableShape(()), count))
    key = (row.current.name, row.stamp, lens.key)
    metas = _subsets.get(key)
    if metas is None:
        try:
            manifest = source_of(row, row.current).manifest
        except NotFound:
            return None
        metas = _subsets[key] = metas_of_facts(
            VersionFacts(manifest.shape, manifest.rows, manifest.bbox, manifest.geometry_types)
        )
    return metas
