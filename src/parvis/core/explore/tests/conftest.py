"""One version with nulls, accents, several values and geometries, and an engine for the session."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from parvis.core.columns import Column, ColumnType
from parvis.core.engine import Engine, Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.engine.factories import make_version
from parvis.core.engine.tests.plain.engine import PlainEngine

BOTH = ("test_facets", "test_groups", "test_identity", "test_records", "test_values", "test_walks")
"""Modules whose tests are run on both engines; the others look at what is made of answers."""

COLUMNS = (
    Column("nom", "Nom", ColumnType.TEXT, annotations={"facet": True}),
    Column("rang", "Rang", ColumnType.INT),
    Column("montant", "Montant", ColumnType.DOUBLE),
    Column("ouvert", "Ouvert ?", ColumnType.BOOLEAN),
    Column("jour", "Jour", ColumnType.DATE, annotations={"facet": True}),
    Column("instant", "Instant", ColumnType.DATETIME),
    Column("themes", "Thèmes", ColumnType.TEXT, annotations={"multivalued": ",", "facet": True}),
    Column("lieu", "Lieu", ColumnType.GEO_POINT),
    Column("contour", "Contour", ColumnType.GEO_SHAPE),
)
_NAMES = ["Évry", "evry", "Cœur d’Essonne", "Ris-Orangis", None, "L'Haÿ-les-Roses", "", "École Évry Nord"]
_THEMES = [["sport", "été"], [], None, ["Évry"], ["sport"]]


def made_rows() -> list[dict[str, Any]]:
    """Forty rows, the same each time, as Python values; a point is (longitude, latitude)."""
    rows = []
    for n in range(40):
        rows.append(
            {
                "nom": _NAMES[n % 8],
                "rang": None if n % 7 == 3 else n * 3 - 20,
                "montant": None if n % 5 == 1 else n / 4,
                "ouvert": (True, False, None)[n % 3],
                "jour": None if n % 6 == 5 else f"20{10 + n % 12}-{1 + n % 12:02}-{1 + n % 28:02}",
                "instant": None if n % 9 == 8 else f"2021-0{1 + n % 9}-15T{n % 24:02}:30:00+00:00",
                "themes": _THEMES[n % 5],
                "lieu": None if n % 4 == 3 else (2.0 + n / 100, 48.0 + n / 50),
                "contour": None,
            }
        )
    return rows


def as_cells(row: dict[str, Any]) -> list[Any]:
    """A row as ``make_version`` takes it."""
    return [f"POINT({v[0]} {v[1]})" if name == "lieu" and v else v for name, v in row.items()]


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the engine may read."""
    return tmp_path_factory.mktemp("datasets")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Answers are looked at as both engines give them."""
    if "engine" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in BOTH:
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
def rows() -> list[dict[str, Any]]:
    """What the version of ``source`` holds."""
    return made_rows()


@pytest.fixture(scope="session")
def source(root: Path, rows: list[dict[str, Any]]) -> Source:
    """The version with those rows."""
    return make_version(root / "made" / "v1", COLUMNS, [as_cells(row) for row in rows], parts=2)


@pytest.fixture(scope="session")
def version_of(root: Path) -> Callable[..., Source]:
    """``version_of(columns, rows)`` makes another version."""
    numbers = itertools.count()

    def make(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> Source:
        return make_version(root / f"other-{next(numbers)}" / "v1", columns, rows)

    return make
