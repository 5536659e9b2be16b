"""The table schemas shipped with Parvis, and those an installation fetched since: names, versions, files."""

from parvis.packs.schemas.catalogue import (
    BUNDLED,
    CatalogueEntry,
    SchemaVersion,
    bundled,
    find,
    find_or_load,
    load,
)

__all__ = ["BUNDLED", "CatalogueEntry", "SchemaVersion", "bundled", "find", "find_or_load", "load"]
