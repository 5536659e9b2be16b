"""Questions on one loaded version: the engine through the Explore door, beside DuckDB alone on the same table."""

from __future__ import annotations

from pathlib import Path

import duckdb

from parvis.config.bench.figures import Figure, timed
from parvis.core.engine import DuckDBEngine, Source
from parvis.core.explore import ExploreRequest, export, records
from parvis.core.versions.manifest import read_manifest

QUESTIONS = (
    ("filtre", "code_insee = '91500'", "code_insee = '91500'"),
    (
        "filtre et comparaison",
        "passages > 4000 and jour >= date'2023-01-01'",
        "passages > 4000 AND jour >= DATE '2023-01-01'",
    ),
    ("texte commence par", "startswith(adresse, 'rue du 8')", "starts_with(adresse, 'rue du 8')"),
)


def query_figures(version: Path) -> list[Figure]:
    """Figures of filters and of a whole CSV export on the version in this folder."""
    source = Source(version, read_manifest(version))
    engine = DuckDBEngine(version.parent.parent, memory="1GB", threads=2)
    figures = []
    with duckdb.connect(config={"threads": 2}) as alone:
        alone.execute(f"CREATE TABLE rows AS FROM read_parquet('{version}/part-*.parquet')")
        for label, where, sql in QUESTIONS:
            request = ExploreRequest.from_query([("where", where), ("limit", "20")])
            mine = timed(lambda request=request: records(engine, source, request), repeat=7)[0]
            peer = timed(lambda sql=sql: _page(alone, sql), repeat=7)[0]
            figures.append(Figure("requête", label, "ms", mine * 1000, "DuckDB seul", peer * 1000))
        target = version.parent.parent / "export.csv"
        peer = timed(lambda: alone.execute(f"COPY rows TO '{target}' (HEADER)"))[0]
    mine = timed(lambda: sum(len(chunk) for chunk in export(engine, source, "csv", ExploreRequest.from_query([]))))[0]
    figures.append(Figure("export", f"{source.manifest.rows} lignes en CSV", "s", mine, "DuckDB seul", peer))
    return figures


def _page(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    connection.execute(f"SELECT count(*) FROM rows WHERE {where}").fetchone()
    connection.execute(f"SELECT * FROM rows WHERE {where} LIMIT 20").fetchall()
