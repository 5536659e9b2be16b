"""Pages of an order that was asked before are fetched where their rows lie, and are those that ordering all rows gives."""

from __future__ import annotations

import threading

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb import rankings as rankings_module
from parvis.core.engine.duckdb.rooms import InMemory
from parvis.core.engine.tests.twins import twins
from parvis.core.explore import ExploreRequest, records
from parvis.core.ingest import ingest

WORDS = ["école", "Ecole", "ÉCOLE", "œuvre", "oeuf", "", "zoo", "a", "Ä", "10", "9"]
ROWS = [
    (WORDS[n * 7 % len(WORDS)], (n * 7919) % 97 if n % 5 else "", f"2024-01-{n * 3 % 28 + 1:02d}") for n in range(700)
]
"""Many equals, empty cells, words that only differ by accents or case."""


@pytest.fixture(scope="module", params=["hot", "disk"])
def table(request, tmp_path_factory):
    """The same version twice: in an engine that keeps orders, and in one that reads its files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rankings_module, "RANKED_FROM", 0)
        with twins(tmp_path_factory.mktemp("rankings"), "mot,nombre,jour", ROWS, request.param) as pair:
            yield pair


def page(engine, source, order: str, **parameters) -> list:
    query = {"order_by": order, **{name: str(value) for name, value in parameters.items()}}
    return records(engine, source, ExploreRequest.from_query([*query.items()])).results


def settled(engine: DuckDBEngine) -> None:
    """Wait until the loading thread has done what it was asked."""
    while engine._hot._waiting or engine._hot._loaded[next(iter(engine._hot._loaded))].rankings._wanted:
        threading.Event().wait(0.01)


def orders_of(engine: DuckDBEngine, source: Source) -> set[str]:
    return set(engine._hot._loaded[source.key].rankings._places)


def test_an_order_is_kept_once_it_was_asked_twice(table):
    loaded, _files, source = table
    page(loaded, source, "jour", limit=3)
    settled(loaded)
    assert '"jour" ASC NULLS LAST' not in orders_of(loaded, source)
    page(loaded, source, "jour", limit=4)
    settled(loaded)
    assert '"jour" ASC NULLS LAST' in orders_of(loaded, source)
    statements = []
    real = loaded._written
    loaded._written = lambda *arguments, **options: statements.append(real(*arguments, **options)) or statements[-1]
    try:
        page(loaded, source, "jour", limit=5, offset=300)
    finally:
        del loaded._written
    assert "rowid IN (SELECT unnest([" in statements[0].sql and "OFFSET" not in statements[0].sql


orders = st.sampled_from(["mot", "mot desc", "nombre", "nombre desc", "jour desc", "mot, nombre desc", "nombre, mot"])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders, limit=st.integers(1, 100), offset=st.integers(0, 720))
def test_pages_are_those_of_all_rows_in_order(table, order, limit, offset):
    loaded, files, source = table
    expected = page(files, source, order, limit=limit, offset=offset)
    assert page(loaded, source, order, limit=limit, offset=offset) == expected


def test_every_page_of_every_kept_order_is_right(table):
    loaded, files, source = table
    for order in ("mot", "mot desc", "nombre desc"):
        for limit in (1, 2):
            page(loaded, source, order, limit=limit)
        settled(loaded)
        whole = [row for start in range(0, 700, 100) for row in page(files, source, order, limit=100, offset=start)]
        assert [
            row for start in range(0, 700, 70) for row in page(loaded, source, order, limit=70, offset=start)
        ] == whole


def test_a_condition_is_not_forgotten(table):
    loaded, files, source = table
    for limit in (1, 2):
        page(loaded, source, "mot", limit=limit)
    settled(loaded)
    narrowed = {"where": "nombre > 50", "limit": 30, "offset": 10}
    assert page(loaded, source, "mot", **narrowed) == page(files, source, "mot", **narrowed)


def test_only_so_many_orders_are_kept_and_their_memory_is_counted(table, monkeypatch):
    loaded, _files, source = table
    entry = loaded._hot._loaded[source.key]
    orders = [
        f"{first}, {second} {way}"
        for first in ("mot", "nombre")
        for second in ("jour", "mot")
        for way in ("asc", "desc")
    ]
    for order in [*orders, "jour, mot", "jour, nombre"]:
        for limit in (1, 2):
            page(loaded, source, order, limit=limit)
    settled(loaded)
    assert len(orders_of(loaded, source)) == rankings_module._MOST
    assert entry.rankings.bytes == rankings_module._MOST * 4 * len(ROWS) < entry.bytes


def test_an_order_without_memory_is_left_out_and_the_page_still_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(rankings_module, "RANKED_FROM", 0)

    def refuse(*_arguments):
        raise duckdb.OutOfMemoryException

    monkeypatch.setattr(InMemory, "numbers", refuse)
    (tmp_path / "lignes.csv").write_text("n\n" + "\n".join(map(str, range(50))), encoding="utf-8")
    manifest = ingest(tmp_path / "lignes.csv", name="lignes.csv", destination=tmp_path / "d", work=tmp_path / "work")
    source = Source(str(tmp_path / "d" / manifest.version), manifest)
    engine = DuckDBEngine(tmp_path)
    try:
        assert engine.warm(source)
        for limit in (1, 2):
            page(engine, source, "n desc", limit=limit)
        settled(engine)
        assert orders_of(engine, source) == set()
        assert [row["n"] for row in page(engine, source, "n desc", limit=3)] == [49, 48, 47]
    finally:
        engine.close()
