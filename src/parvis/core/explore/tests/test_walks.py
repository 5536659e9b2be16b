"""The cursor: every row once, in any order, past any limit; tokens that this question never gave are refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.core.columns import Column, ColumnType
from parvis.core.explore import ExploreRequest, InvalidParameter, WrongCursor, records
from parvis.core.explore.records import matching
from parvis.core.odsql.bound import ALWAYS

ORDERS = [
    "",
    "nom",
    "-nom",
    "rang desc, nom",
    "montant, -rang",
    "jour desc",
    "instant",
    "ouvert, jour",
    "themes",
    "random(7)",
    "length(nom) desc, montant",
    "distance(lieu, geom'POINT(2 48)')",
    'date_format(jour, "MM"), rang',
    "rang / 7, nom desc",
]


def walk(engine, source, **parameters):
    """All the rows of a walk, page by page."""
    rows, after = [], "*"
    while after is not None:
        page = records(engine, source, ExploreRequest(after=after, **parameters))
        rows += page.results
        after = page.after
    return rows


@pytest.mark.parametrize("order_by", ORDERS)
@pytest.mark.parametrize("limit", [1, 7, 40])
def test_a_walk_gives_the_rows_of_one_long_page(engine, source, order_by, limit):
    whole = records(engine, source, ExploreRequest(order_by=order_by, limit=100)).results
    assert walk(engine, source, order_by=order_by, limit=limit) == whole
    assert len(whole) == 40


def test_a_walk_keeps_to_the_condition_and_the_total(engine, source):
    where = ("rang > 10",)
    page = records(engine, source, ExploreRequest(where=where, order_by="nom", after="", limit=5))
    whole = records(engine, source, ExploreRequest(where=where, order_by="nom", limit=100))
    assert (page.total_count, page.results) == (whole.total_count, whole.results[:5])
    assert walk(engine, source, where=where, order_by="nom", limit=5) == whole.results


def test_a_walk_goes_past_ten_thousand_rows(duckdb_engine, version_of):
    made = version_of([Column("n", "N", ColumnType.INT)], [[n % 1000] for n in range(12_000)])
    rows = walk(duckdb_engine, made, order_by="n desc", limit=100)
    assert [row["n"] for row in rows] == sorted((n % 1000 for n in range(12_000)), reverse=True)
    assert matching(duckdb_engine, made, ALWAYS) == 12_000


@settings(max_examples=30)
@given(
    cells=st.lists(
        st.tuples(
            st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=4),
            st.none() | st.floats(allow_nan=False) | st.sampled_from([0.1 + 0.2, -0.0, 1e300]),
        ),
        min_size=1,
        max_size=25,
    ),
    order_by=st.sampled_from(["a", "-a", "b", "b desc", "a desc, b", "b, a"]),
)
def test_any_values_may_be_walked_over(engine, version_of, cells, order_by):
    made = version_of([Column("a", "A", ColumnType.TEXT), Column("b", "B", ColumnType.DOUBLE)], cells)
    whole = records(engine, made, ExploreRequest(order_by=order_by, limit=100)).results
    assert walk(engine, made, order_by=order_by, limit=2) == whole


def test_a_token_serves_its_own_question_alone(engine, source, version_of):
    first = records(engine, source, ExploreRequest(order_by="nom", after="*", limit=5))
    assert first.after
    for changed in (
        {"order_by": "rang"},
        {"order_by": "nom desc"},
        {"order_by": "nom", "where": ("rang > 0",)},
        {"order_by": "nom", "refine": ("nom:Évry",)},
    ):
        with pytest.raises(WrongCursor):
            records(engine, source, ExploreRequest(after=first.after, **changed))
    other = version_of([Column("nom", "Nom", ColumnType.TEXT)], [["a"]])
    with pytest.raises(WrongCursor):
        records(engine, other, ExploreRequest(order_by="nom", after=first.after))


@settings(max_examples=60)
@given(data=st.data())
def test_an_altered_token_is_refused(engine, source, data):
    token = records(engine, source, ExploreRequest(order_by="nom", after="*", limit=5)).after
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from("ABCabc019-_"))
    if token[place] != letter:
        with pytest.raises(WrongCursor):
            records(engine, source, ExploreRequest(order_by="nom", after=token[:place] + letter + token[place + 1 :]))


@pytest.mark.parametrize(
    "token", ["x", "é", "=" * 9, "A" * 100_000, "\x00", base64.urlsafe_b64encode(b"[1]" * 9).decode()]
)
def test_what_is_no_token_is_refused(engine, source, token):
    with pytest.raises(WrongCursor):
        records(engine, source, ExploreRequest(after=token))


@pytest.mark.parametrize("parameters", [{"offset": 5}, {"group_by": "nom"}, {"select": "count(*)"}])
def test_a_walk_has_neither_offset_nor_groups(engine, source, parameters):
    with pytest.raises(InvalidParameter):
        records(engine, source, ExploreRequest(after="*", **parameters))


def test_without_after_nothing_changes(engine, source):
    page = records(engine, source, ExploreRequest(limit=5))
    assert page.after is None
    assert ExploreRequest.from_query([("after", "")]).after == ""
    assert ExploreRequest.from_query([]).after is None
