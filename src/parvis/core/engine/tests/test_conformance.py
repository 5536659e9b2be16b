"""The cases of the query language are answered alike by DuckDB and row by row in Python, over the same files."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from parvis.core.engine import Source, plans
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.duckdb.statements import STATEMENTS
from parvis.core.engine.factories import make_version
from parvis.core.engine.plans import Count, CountedGroups, GroupCount, MarkedRows, Rows
from parvis.core.engine.tests.plain.engine import ANSWERS, PlainEngine
from parvis.core.engine.tests.plain.values import BeyondPlainPython
from parvis.core.errors import RequestError
from parvis.core.explore import ExploreRequest
from parvis.core.explore.query import bind, names_of
from parvis.core.mercator import TileAddress
from parvis.core.odsql import Binder, Names, parse_where
from parvis.core.odsql.bound import NEVER, Aggregate, Beyond, Cell, MeetsBox, Output, Placed, Query, Result
from parvis.core.odsql.functions import FUNCTIONS, Function
from parvis.core.odsql.tests.test_cases import EXAMPLES, SHAPE, cases
from parvis.core.odsql.valuetypes import ValueType, type_of

_NAMES = ("Évry", "evry", "Cœur d’Essonne", "Ris-Orangis", None, "L'Haÿ-les-Roses", "", "Rue du Marché", "12", " 3.5 ")
_SQUARE = "POLYGON((2.1 48.1, 2.9 48.1, 2.9 48.9, 2.1 48.9, 2.1 48.1))"
_LINE = "LINESTRING(2 48, 2.5 48.5, 3 48)"
QUESTIONS = [question for question, expected in cases() if not expected[0].startswith("!")] + EXAMPLES

OF_ITS_OWN = {
    "order_by random(42)": "each engine draws an order of its own",
    "order_by random(42) desc": "each engine draws an order of its own",
}
"""Questions that two engines answer differently, and why."""

TILES = ("RowsTile", "ClustersTile", "SpotsTile", "ShapesTile")
BEYOND = {
    **dict.fromkeys(TILES, "the bytes of a vector tile are those of one encoder"),
    "ProjectionTest": "coordinate systems are PROJ's, which Python has not",
}
"""Plans that it does not answer, and why."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conformance")


@pytest.fixture(scope="module", params=["in memory", "on disk"])
def duckdb_engine(request: pytest.FixtureRequest, root: Path) -> Iterator[DuckDBEngine]:
    on_disk: dict[str, Any] = {"loaded": 0, "disk": 10**8} if request.param == "on disk" else {}
    engine = DuckDBEngine(root, memory="300MB", **on_disk)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def source(root: Path) -> Source:
    """Sixty rows with nulls, accents, lists and places."""
    return make_version(root / "cases" / "v1", SHAPE.columns, [cells(n) for n in range(60)], parts=2)


def cells(n: int) -> list[Any]:
    """A row of every type, the same each time."""
    return [
        _NAMES[n % len(_NAMES)],
        ("Évry-Courcouronnes", "Ris-Orangis", None)[n % 3],
        None if n % 7 == 3 else n * 300 - 2_000,
        None if n % 5 == 1 else n / 4 - 3,
        (True, False, None)[n % 3],
        None if n % 6 == 5 else f"20{10 + n % 14}-{1 + n % 12:02}-{1 + n % 28:02}",
        None if n % 9 == 8 else f"2021-0{1 + n % 9}-{1 + n % 28:02}T{n % 24:02}:30:00+00:00",
        (["sport", "été"], [], None, ["Évry"], ["sport", "sport"])[n % 5],
        None if n % 4 == 3 else f"POINT({2 + n / 100} {48 + n / 50})",
        (None, _SQUARE, _LINE)[n % 3],
        str(2000 + n % 4),
    ]


def query_of(source: Source, question: str) -> Query:
    """The query of a case: its clause, beside what the others need."""
    clause, _space, text = question.partition(" ")
    clause, _at, timezone = clause.partition("@")
    clauses = {"select": "count(*) as n" if clause == "group_by" else "nom, population", clause: text}
    where = (clauses.pop("where"),) if "where" in clauses else ()
    return bind(names_of(source), ExploreRequest(where=where, timezone=timezone or "UTC", **clauses), None, 0)


def answers(engine: Any, source: Source, plan: plans.Plan) -> Any:
    """The rows of an answer, or the error that stands for it."""
    try:
        return [tuple(row.values()) for row in engine.table(source, plan).to_pylist()]
    except RequestError as error:
        return type(error)


def alike(first: Any, second: Any) -> bool:
    """Equal, numbers to the twelfth digit: sums are not made in the same order."""
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=1e-12, abs_tol=1e-12) or (math.isnan(first) and math.isnan(second))
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return len(first) == len(second) and all(map(alike, first, second))
    return first == second and isinstance(first, bool) is isinstance(second, bool)


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question not in OF_ITS_OWN])
def test_a_question_of_the_language_has_one_answer(duckdb_engine, source, question):
    plan = Rows(query_of(source, question))
    assert alike(answers(PlainEngine(), source, plan), answers(duckdb_engine, source, plan))


def test_few_of_these_questions_are_refused(source):
    """What is compared above are answers, not errors."""
    refused = [q for q in QUESTIONS if isinstance(answers(PlainEngine(), source, Rows(query_of(source, q))), type)]
    assert len(refused) < len(QUESTIONS) / 20


def _bound(**clauses: str) -> Query:
    return bind(Names(SHAPE), ExploreRequest(**clauses), None, 0)


QUERY = _bound(select="nom, population", order_by="nom desc, montant")
QUERY = replace(QUERY, order_by=QUERY.order_by[:1])
GROUPED = replace(
    _bound(select="count(*) as n, avg(montant)", group_by="themes, year(jour)", order_by="n desc"), limit=7
)
PLACED = _bound(select="nom, contour, point")
CELLS = {column.name: Cell(column, type_of(column)) for column in SHAPE}
SOME = Binder(Names(SHAPE), "where").test(parse_where('population > 0 or commune = "Ris-Orangis"'))
DIGEST = Result(Function("geo digest", (), ValueType.TEXT, ""), (CELLS["contour"],), ValueType.TEXT)
TOTAL = Aggregate(FUNCTIONS["sum"][0], (CELLS["population"],), False, ValueType.NUMBER)
DRAWING = plans.Drawing(SHAPE.get("point"), (), SOME)
WEEK = Result(Function("week", (), ValueType.NUMBER, ""), (CELLS["jour"],), ValueType.NUMBER)
PLANS = [
    Count(SOME),
    plans.SearchedWords(),
    *(
        plans.FacetCounts(CELLS[name], SOME, order, 7)
        for name in ("nom", "themes", "population", "montant", "ouvert", "jour")
        for order in plans.FacetOrder
    ),
    plans.FormulaCells((CELLS["nom"], CELLS["year"]), ("1", " ", "R")),
    plans.Series((CELLS["themes"], WEEK), (TOTAL,), SOME, (plans.SeriesOrder(False, 0, True),), 9),
    plans.Series((), (TOTAL,), SOME, (), 9),
    plans.Quantiles(CELLS["population"], (0.2, 0.4, 0.6, 0.8), SOME),
    plans.Quantiles(CELLS["montant"], (0.0, 1.0), NEVER),
    plans.SortedNumbers(CELLS["montant"], SOME),
    plans.BoundingBox(CELLS["contour"], SOME),
    plans.BoundingBox(CELLS["point"], NEVER),
    plans.GeometryTypes(CELLS["contour"], SOME),
    plans.Gatherings(CELLS["point"], (TOTAL,), SOME, side=0.2, top=85.05, limit=5),
    plans.DistinctShapes(CELLS["contour"], DIGEST, (TOTAL,), SOME, tolerance=0.01, limit=5),
    MarkedRows(replace(QUERY, after=Beyond(QUERY.order_by, ("evry",), 12), limit=11)),
    CountedGroups(GROUPED),
    GroupCount(GROUPED),
    *(Rows(PLACED, form, drawn=1) for form in plans.GeometryForm),
    Count(MeetsBox(CELLS["contour"], (2.0, 48.0, 2.2, 48.2), "OGC:CRS84")),
    Count(MeetsBox(CELLS["point"], (2.3, 48.0, 2.1, 49.0), "OGC:CRS84")),
]
UNORDERED = [
    plans.Squares(CELLS["point"], CELLS["population"], plans.Usual.MEDIAN, 0.1, 0.1, SOME),
    plans.PointGrid(DRAWING, 6, 3),
    plans.CellCounts(DRAWING, TileAddress(5, 16, 10), 8, 3),
    plans.CellCounts(DRAWING, TileAddress(7, 64, 43), 8, 3),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: type(plan).__name__)
def test_a_named_plan_has_one_answer(duckdb_engine, source, plan):
    assert alike(answers(PlainEngine(), source, plan), answers(duckdb_engine, source, plan))


@pytest.mark.parametrize("plan", UNORDERED, ids=lambda plan: type(plan).__name__)
def test_a_plan_without_order_has_one_answer(duckdb_engine, source, plan):
    plain, duckdb = (sorted(answers(engine, source, plan), key=repr) for engine in (PlainEngine(), duckdb_engine))
    assert plain
    assert alike(plain, duckdb)


def test_plain_python_answers_every_plan_but_these():
    names = {kind.__name__ for kind in STATEMENTS if kind.__module__ == plans.__name__}
    assert {kind.__name__ for kind in ANSWERS} == names - set(BEYOND)
    assert names == {name for union in UNIONS for name in names_of_union(union)}


UNIONS = (plans.QueryPlan, plans.TablePlan, plans.PlacePlan, plans.TilePlan)


def names_of_union(union: Any) -> list[str]:
    """The names of the plans of one kind."""
    return [kind.__name__ for kind in union.__value__.__args__]


@pytest.mark.parametrize(
    "plan",
    [
        plans.ProjectionTest(2154),
        plans.ShapesTile(DRAWING, TileAddress(0, 0, 0)),
        plans.SpotsTile(DRAWING, TileAddress(0, 0, 0), 8),
        plans.RowsTile(DRAWING, TileAddress(0, 0, 0), TileAddress(0, 0, 0), (1,)),
        plans.ClustersTile(TileAddress(0, 0, 0), (2,), (2.0,), (48.0,), (1,)),
        Rows(PLACED, drawn=1, epsg=2154),
        Count(MeetsBox(CELLS["point"], (6e5, 6e6, 7e5, 7e6), "EPSG:2154")),
        Rows(Query((Output("geometry", Placed(CELLS["point"], "EPSG:2154", False), None),))),
    ],
    ids=lambda plan: type(plan).__name__,
)
def test_what_is_beyond_plain_python_says_so(source, plan):
    with pytest.raises(BeyondPlainPython):
        PlainEngine().table(source, plan)
