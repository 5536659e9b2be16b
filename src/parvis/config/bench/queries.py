"""Questions on one loaded version: the engine through the Explore door, beside DuckDB alone on the same table."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import duckdb

from parvis.config.bench.figures import Figure, timed
from parvis.core.engine import DuckDBEngine, Source
from parvis.core.explore import ExploreRequest, export, records
from parvis.core.versions.manifest import read_manifest

QUESTIONS = (
    ("filtre", "code_insee = '915{n:02}'", "code_insee = '915{n:02}'"),
    (
        "filtre et comparaison",
        "passages > 40{n:02} and jour >= date'2023-01-01'",
        "passages > 40{n:02} AND jour >= DATE '2023-01-01'",
    ),
    ("texte commence par", "startswith(adresse, 'rue du {n}')", "starts_with(adresse, 'rue du {n}')"),
)
"""Label, question in the language of the API, the same in SQL; ``n`` changes each time, so that no answer is one kept."""


def query_figures(version: Path) -> list[Figure]:
    """Figures of filters, cold then on loaded rows, and of a whole CSV export, on the version in this folder."""
    source = Source(version, read_manifest(version))
    engine = DuckDBEngine(version.parent.parent, memory="1GB", threads=2)
    first = timed(lambda: records(engine, source, _request(QUESTIONS[0][1], 90)))[0]
    figures = [Figure("requête", f"{QUESTIONS[0][0]}, version froide", "ms", first * 1000)]
    where_it_lies = "" if engine.warm(source) else ", lue dans Parquet"
    with duckdb.connect(config={"threads": 2}) as alone:
        alone.execute(f"CREATE TABLE rows AS FROM read_parquet('{version}/part-*.parquet')")
        for label, where, sql in QUESTIONS:
            turns, others = count(1), count(1)
            mine = timed(lambda where=where, n=turns: records(engine, source, _request(where, next(n))), repeat=7)[0]
            peer = timed(lambda sql=sql, n=others: _page(alone, sql.format(n=next(n))), repeat=7)[0]
            allowed = 1.5 + 0.003 / peer  # half as long again, and three milliseconds
            what = label + where_it_lies
            figures.append(Figure("requête", what, "ms", mine * 1000, "DuckDB seul", peer * 1000, round(allowed, 2)))
        target = version.parent.parent / "export.csv"
        peer = timed(lambda: alone.execute(f"COPY rows TO '{target}' (HEADER)"))[0]
    mine = timed(lambda: sum(len(chunk) for chunk in export(engine, source, "csv", ExploreRequest.from_query([]))))[0]
    engine.close()
    figures.append(Figure("export", f"{source.manifest.rows} lignes en CSV", "s", mine, "DuckDB seul", peer))
    return figures


def _request(where: str, n: int) -> ExploreRequest:
    return ExploreRequest.from_query([("where", where.format(n=n)), ("limit", "20")])


def _page(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    connection.execute(f"SELECT count(*) FROM rows WHERE {where}").fetchone()
    connection.execute(f"SELECT * FROM rows WHERE {where} LIMIT 20").fetchall()
