"""The list of dialects: how sources tell their catalogue, and how the rows of a resource come when they come by pages.

A dialect is loaded when it is asked for: its parsers weigh, and commands only list.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Final

from parvis.core.sources.contract import Dialect, RowsDialect


class _Loaded[Kind](Mapping[str, Kind]):
    """Modules by slug, and what each calls ``name``."""

    def __init__(self, name: str, slugs: tuple[str, ...]) -> None:
        self._name, self._slugs = name, slugs

    def __getitem__(self, slug: str) -> Kind:
        if slug not in self._slugs:
            raise KeyError(slug)
        module = importlib.import_module(f"parvis.core.sources.{slug}")
        return getattr(module, self._name)  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[str]:
        return iter(self._slugs)

    def __len__(self) -> int:
        return len(self._slugs)


DIALECTS: Final[Mapping[str, Dialect]] = _Loaded(
    "DIALECT",
    (
        "file",
        "folder",
        "database",
        "explore",
        "explore_v1",
        "udata",
        "ckan",
        "data_fair",
        "dcat",
        "csw",
        "ogc_records",
        "data_json",
        "wfs",
        "ogc_features",
        "arcgis",
        "openagenda",
        "gbfs",
        "gtfs",
        "grist",
    ),
)
"""Every dialect by slug, in the order in which people choose."""

ROWS: Final[Mapping[str, RowsDialect]] = _Loaded(
    "ROWS",
    (
        "wfs",
        "ogc_features",
        "arcgis",
        "openagenda",
        "gbfs",
        "gtfs",
        "grist",
        "data_fair",
        "ckan_moves",
        "explore_records",
    ),
)
"""Every dialect of rows by slug, as ``Resource.dialect`` names it."""
