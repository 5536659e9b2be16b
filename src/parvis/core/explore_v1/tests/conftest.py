"""One version of seven rows with text, numbers, dates, several values and places, and an engine for the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Engine, Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.factories import make_version
from parvis.core.engine.tests.plain.engine import PlainEngine
from parvis.core.explore import ExploreRequest, records
from parvis.core.explore.query import names_of
from parvis.core.explore_v1 import where_of_q

COLUMNS = (
    Column("ref", "Référence", ColumnType.TEXT),
    Column("essence", "Essence", ColumnType.TEXT, annotations={"facet": True}),
    Column("hauteur", "Hauteur (m)", ColumnType.DOUBLE),
    Column("plantation", "Plantation", ColumnType.DATE, annotations={"facet": True}),
    Column("releve", "Relevé", ColumnType.DATETIME),
    Column("remarquable", "Remarquable", ColumnType.BOOLEAN),
    Column("usages", "Usages", ColumnType.TEXT, annotations={"multivalued": ";", "facet": True}),
    Column("position", "Position", ColumnType.GEO_POINT),
    Column("emprise", "Emprise", ColumnType.GEO_SHAPE),
)
_SQUARE = "POLYGON((1.40 48.40, 1.42 48.40, 1.42 48.42, 1.40 48.42, 1.40 48.40))"
ROWS = [
    (
        "A1",
        "Érable plane",
        12.5,
        "1998-03-02",
        "2021-06-23T07:50:20+00:00",
        True,
        ["ombre", "abri"],
        (48.45, 1.48),
        None,
    ),
    (
        "A2",
        "Tilleul à petites feuilles",
        9,
        "2005-11-20",
        "2021-12-31T23:30:00+00:00",
        False,
        ["ombre"],
        (48.46, 1.49),
        _SQUARE,
    ),
    ("A3", "Érable champêtre", None, "2012-02-14", None, False, None, (48.44, 1.48), None),
    ("A4", "Platane", 21, "1954-04-01", "2022-01-01T00:30:00+00:00", True, ["ombre", "mémoire"], (48.43, 1.50), None),
    ("A5", "Tilleul", 7.25, "2019-12-05", None, False, ["abri"], None, None),
    ("A6", "Érable", 15, None, "2020-02-29T12:00:00+00:00", None, ["ombre"], (48.447, 1.488), None),
    ("A7", None, None, "2012-12-31", None, None, None, None, None),
]


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the engine may read."""
    return tmp_path_factory.mktemp("datasets")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Answers are looked at as both engines give them."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ["duckdb", "plain"], indirect=True)


@pytest.fixture(scope="session")
def duckdb_engine(root: Path) -> Iterator[DuckDBEngine]:
    """The engine of the house."""
    engine = DuckDBEngine(root, memory="500MB")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, duckdb_engine: DuckDBEngine) -> Engine:
    """An engine for all tests: DuckDB or plain Python, row by row."""
    return PlainEngine() if getattr(request, "param", "") == "plain" else duckdb_engine


@pytest.fixture(scope="session")
def source(root: Path) -> Source:
    """The version with those rows."""
    rows = [[*row[:7], f"POINT({row[7][1]} {row[7][0]})" if row[7] else None, row[8]] for row in ROWS]
    return make_version(root / "arbres" / "v1", COLUMNS, rows)


@pytest.fixture
def references_of(engine: Engine, source: Source) -> Callable[..., str]:
    """``references_of(q)`` gives the references that a query finds, in order, joined by a space."""

    def answer(q: str, timezone: str = "UTC", **options: object) -> str:
        extra = where_of_q(q, names_of(source), timezone=timezone, **options)  # type: ignore[arg-type]
        page = records(engine, source, ExploreRequest(select="ref", order_by="ref", limit=100, extra=extra))
        assert page.total_count == len(page.results)
        return " ".join(row["ref"] for row in page.results)

    return answer
