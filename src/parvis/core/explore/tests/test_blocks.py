"""Pages cut from blocks: always what the engine answers to the question itself, and never a block where one would be too much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import MemorySource
from parvis.core.engine.factories import make_version
from parvis.core.engine.plans import Rows
from parvis.core.explore import ExploreRequest, records
from parvis.core.explore.blocks import BLOCK, plain_page
from parvis.core.explore.query import bind, names_of
from parvis.core.explore.tests.conftest import COLUMNS, as_cells, made_rows

PLAIN = [column.name for column in COLUMNS if column.name != "contour"]
LONG = 2 * BLOCK + 77


@pytest.fixture(scope="module")
def long_source(root):
    rows = [
        as_cells({**row, "montant": number / 8}) for number, row in zip(range(LONG), made_rows() * 40, strict=False)
    ]
    return make_version(root / "long" / "v1", COLUMNS, rows, parts=2)


def asked(source, limit=20, offset=0, **parameters):
    return bind(names_of(source), ExploreRequest(**parameters), limit, offset)


@settings(max_examples=60)
@given(
    limit=st.integers(1, 100),
    offset=st.integers(0, LONG + 50) | st.sampled_from([BLOCK - 100, BLOCK - 1, BLOCK, LONG - 1, LONG, 9_900]),
    names=st.lists(st.sampled_from(PLAIN), min_size=1, unique=True),
)
def test_a_page_cut_from_blocks_is_what_the_engine_answers(engine, long_source, limit, offset, names):
    query = asked(long_source, limit, offset, select=", ".join(names))
    cut = plain_page(engine, long_source, query, 20)
    whole = engine.table(long_source, Rows(query))
    assert cut.schema == whole.schema
    assert cut.to_pylist() == whole.to_pylist()


@pytest.mark.parametrize(
    "parameters",
    [
        {"select": "nom", "where": ("rang > 10",)},
        {"select": "nom", "refine": ("nom:Évry",)},
        {"select": "nom", "order_by": "nom"},
        {"select": "nom", "group_by": "nom"},
        {"select": "count(*)"},
        {"select": "rang * 1000000"},
        {"select": "*"},
        {"select": "nom", "limit": 100, "offset": 9_901},
    ],
    ids=str,
)
def test_what_is_not_so_plain_is_asked_as_it_is(engine, long_source, parameters):
    page = {name: parameters.pop(name) for name in ("limit", "offset") if name in parameters}
    assert plain_page(engine, long_source, asked(long_source, **page, **parameters), 20) is None


def test_a_walk_is_asked_as_it_is(engine, long_source):
    page = records(engine, long_source, ExploreRequest(select="montant", after="", limit=3))
    assert [row["montant"] for row in page.results] == [0, 1 / 8, 2 / 8]
    assert page.after


def test_heavy_rows_are_not_fetched_by_blocks(engine, long_source):
    heavy = [replace(part, bytes=400 * part.rows) for part in long_source.manifest.parts]
    source = replace(long_source, manifest=replace(long_source.manifest, parts=tuple(heavy)))
    assert plain_page(engine, source, asked(source, select="nom"), 20) is None


def test_a_table_in_memory_has_no_blocks(engine, long_source):
    table = engine.table(long_source, Rows(asked(long_source, select="montant"))).rename_columns(["montant"])
    source = MemorySource(table, type(long_source.shape)((Column("montant", "Montant", ColumnType.DOUBLE),)))
    assert plain_page(engine, source, asked(source, select="montant"), 20) is None


def different(plans):
    """The plans, each once."""
    return [plan for rank, plan in enumerate(plans) if plan not in plans[:rank]]


def test_neighbouring_pages_are_cut_from_one_question(engine, long_source):
    class Counting:
        def __init__(self):
            self.plans = []

        def table(self, source, plan, *, seconds):
            self.plans.append(plan)
            return engine.table(source, plan, seconds=seconds)

    counting = Counting()
    for offset in (0, 20, 40, BLOCK - 20):
        records(counting, long_source, ExploreRequest(select="nom, montant", limit=20, offset=offset))
    assert len(different(counting.plans)) == 1
    records(counting, long_source, ExploreRequest(select="nom, montant", limit=20, offset=BLOCK - 10))
    assert len(different(counting.plans)) == 2
