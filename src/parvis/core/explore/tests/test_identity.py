"""Identifiers of records: found again at once, in another version too, and never taken for another's."""

from __future__ import annotations

import re

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.tests.plain.engine import PlainEngine
from parvis.core.errors import NotFound
from parvis.core.explore import ExploreRequest, record, records

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT),
    Column("n", "N", ColumnType.INT),
    Column("le", "Le", ColumnType.DATETIME),
    Column("lieu", "Lieu", ColumnType.GEO_POINT),
)
ROWS = [
    ["a", 1, "2020-01-01T00:00:00+00:00", "POINT(1 2)"],
    ["a", 1, "2020-01-01T00:00:00+00:00", "POINT(1 2)"],
    [None, None, None, None],
    ["", None, None, None],
    ["é\x1fb", 5, None, None],
]


def ids(engine, source, **parameters):
    page = records(engine, source, ExploreRequest(include_links=True, limit=100, **parameters))
    assert page.ids is not None
    return page.ids


def test_each_row_has_forty_digits_of_its_own(engine, source):
    record_ids = ids(engine, source)
    assert all(re.fullmatch("[0-9a-f]{40}", record_id) for record_id in record_ids)
    assert len(set(record_ids)) == len(record_ids) == 40


def test_equal_rows_are_told_by_their_rank_nulls_from_empty_texts(engine, version_of):
    record_ids = ids(engine, version_of(COLUMNS, ROWS))
    assert len(set(record_ids)) == 5
    assert record_ids[0][:32] == record_ids[1][:32]
    assert len({record_id[:32] for record_id in record_ids}) == 4


def test_a_record_is_the_row_of_its_identifier_whatever_the_page(engine, source):
    page = records(engine, source, ExploreRequest(order_by="-montant", include_links=True, limit=20))
    for record_id, row in zip(page.ids, page.results, strict=True):
        assert record(engine, source, record_id, ExploreRequest()) == row
    chosen = record(
        engine, source, page.ids[0], ExploreRequest(select="nom, hour(instant) as h", timezone="Asia/Tokyo")
    )
    assert list(chosen) == ["nom", "h"]


def test_identifiers_do_not_depend_on_how_rows_are_read(duckdb_engine, source, monkeypatch):
    loaded = ids(duckdb_engine, source)
    monkeypatch.setattr(duckdb_engine._hot, "rows", lambda *_asked, **_options: None)
    duckdb_engine._tables.clear()
    assert ids(duckdb_engine, source) == loaded == ids(PlainEngine(), source)


def test_a_row_that_moved_in_a_new_version_is_found_again(engine, version_of):
    old = ids(engine, version_of(COLUMNS, ROWS))
    new = version_of(COLUMNS, [["z", 9, None, None], *ROWS])
    assert record(engine, new, old[4], ExploreRequest(select="nom"))["nom"] == "é\x1fb"
    gone = version_of(COLUMNS, ROWS[:4])
    with pytest.raises(NotFound):
        record(engine, gone, old[4], ExploreRequest())


def test_the_field_annotated_id_names_its_rows(engine, version_of):
    columns = (Column("code", "Code", ColumnType.INT, annotations={"id": True}), Column("nom", "Nom", ColumnType.TEXT))
    made = version_of(columns, [[7, "a"], [8, "b"], [None, "c"]])
    record_ids = ids(engine, made)
    assert record_ids[:2] == ["7", "8"]
    assert record(engine, made, "8", ExploreRequest()) == {"code": 8, "nom": "b"}
    assert record(engine, made, record_ids[2], ExploreRequest())["nom"] == "c"
    texts = version_of((Column("ref", "Réf", ColumnType.TEXT, annotations={"id": True}),), [["A/1"], ["é"]])
    assert record(engine, texts, "é", ExploreRequest()) == {"ref": "é"}


@pytest.mark.parametrize(
    "record_id", ["", "nope", "0" * 40, "f" * 40, "é" * 40, "A" * 40, "1' OR '1'='1", "\x00", "x" * 100_000]
)
def test_an_identifier_that_names_nothing_is_not_found(engine, source, record_id):
    with pytest.raises(NotFound):
        record(engine, source, record_id, ExploreRequest())


def test_application_metadata_come_when_asked(engine, source):
    page = records(engine, source, ExploreRequest(include_app_metas=True, select="nom", limit=3))
    for record_id, row in zip(page.ids, page.results, strict=True):
        assert row["_id"] == record_id
        assert row["_timestamp"] == "2026-01-01T00:00:00+00:00"
        assert row["_size"] > 0
    assert records(engine, source, ExploreRequest(limit=3)).ids is None
    assert records(engine, source, ExploreRequest(limit=3, group_by="nom", include_app_metas=True)).ids is None
