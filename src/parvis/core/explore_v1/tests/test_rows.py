"""Values as version 1 writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from parvis.core.columns import Column, ColumnType, TableShape
from parvis.core.explore.query import bind
from parvis.core.explore.request import ExploreRequest
from parvis.core.explore_v1.rows import v1_rows
from parvis.core.odsql import Names


def test_a_file_is_an_object_that_widgets_find_its_name_in():
    shape = TableShape((Column("photo", "Photo", ColumnType.FILE), Column("nom", "Nom", ColumnType.TEXT)))
    outputs = bind(Names(shape), ExploreRequest(), 10, 0).outputs
    batch = pa.table({"photo": ["mairie/photo 1.png", None], "nom": ["a", "b"]})
    first, second = (row.fields for row in v1_rows(batch, outputs, "UTC"))
    assert (first["photo"]["filename"], first["photo"]["mimetype"]) == ("photo 1.png", "image/png")
    assert len(first["photo"]["id"]) == 32
    assert "url" not in first["photo"]
    assert second == {"nom": "b"}


def test_an_instant_without_end_is_written_in_a_zone_that_has_its_year():
    outputs = bind(Names(TableShape((Column("fin", "Fin", ColumnType.DATETIME),))), ExploreRequest(), 10, 0).outputs
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    batch = pa.table({"fin": pa.array([end, datetime(2024, 7, 1, tzinfo=UTC)], pa.timestamp("us", "UTC"))})
    texts = [row.fields["fin"] for row in v1_rows(batch, outputs, "Europe/Paris")]
    assert texts == ["9999-12-31T23:59:59+00:00", "2024-07-01T02:00:00+02:00"]
