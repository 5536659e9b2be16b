"""The rows of the Explore tests as an entity set, on both engines."""

from __future__ import annotations

import pytest

from parvis.core.engine.tests.plain.engine import PlainEngine
from parvis.core.explore.tests.conftest import duckdb_engine, root, rows, source, version_of
from parvis.core.odata.edm import EntitySet, entity_set

__all__ = ["duckdb_engine", "root", "rows", "source", "version_of"]


@pytest.fixture(scope="session", params=["duckdb", "plain"])
def engine(request, duckdb_engine):
    """Each engine in turn: DuckDB, and plain Python row by row."""
    return PlainEngine() if request.param == "plain" else duckdb_engine


@pytest.fixture(scope="session")
def entity(source) -> EntitySet:
    """The table as OData sees it."""
    return entity_set("lieux-publics", "Lieux publics", source.shape)
