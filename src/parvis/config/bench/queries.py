"""Questions on one loaded version: Parvis, DuckDB alone on the same table, and Datasette on the same rows, in turn.

Each is asked with other values every time, so that no answer is one kept; the shortest of the turns counts, because the
machine does other things meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from time import perf_counter

import duckdb

from parvis.config.bench.datasette import InProcess
from parvis.config.bench.figures import Figure, timed
from parvis.config.bench.sample import QUIET
from parvis.core.connections import load_spatial
from parvis.core.engine import Source
from parvis.core.engine.duckdb import DuckDBEngine
from parvis.core.explore import ExploreRequest, facets, record, records
from parvis.core.versions.manifest import read_manifest

TURNS, PEER_TURNS = 7, 2
"""Turns of Parvis and of DuckDB; of Datasette, which takes a second or more for some."""

DUCKDB = "DuckDB seul"
DATASETTE = "Datasette"
FIFTY = 1 / 50
MANY = 1_000_000
"""Rows from which the design compares with Datasette."""

type Asked = Callable[[DuckDBEngine, Source, ExploreRequest], object]


@dataclass(frozen=True, slots=True)
class Question:
    """One question in three languages; ``{n}`` and ``{m}`` (n + 1) change each time. ``sql`` are the statements DuckDB needs.

    ``datasette`` is empty where it has no such question; ``against`` is the share of its time that the design allows.
    """

    label: str
    parameters: str
    sql: tuple[str, ...]
    datasette: str = ""
    against: float | None = None
    ask: Asked = records


_JSON = "/mesure/mesure.json?_nofacet=1&_size=20&_shape=objects"
_SQL = "/mesure.json?_shape=array&sql="

QUESTIONS = (
    Question(
        "page de 20 lignes",
        "limit=20&offset={n}",
        ("SELECT * FROM rows LIMIT 20 OFFSET {n}",),
        _JSON + "&_next={n}",
    ),
    Question(
        "page profonde, triée",
        "limit=20&offset=9{n:02}0&order_by=passages",
        ("SELECT * FROM rows ORDER BY passages, __row LIMIT 20 OFFSET 9{n:02}0",),
        _SQL + "select+*+from+mesure+order+by+passages,rowid+limit+20+offset+9{n:02}0",
    ),
    Question(
        "page triée",
        "limit=20&offset={n}&order_by=passages desc",
        ("SELECT * FROM rows ORDER BY passages DESC, __row LIMIT 20 OFFSET {n}",),
        _SQL + "select+*+from+mesure+order+by+passages+desc,rowid+limit+20+offset+{n}",
    ),
    Question(
        "filtre",
        "limit=20&where=code_insee = '915{n:02}'",
        (
            "SELECT count(*) FROM rows WHERE code_insee = '915{n:02}'",
            "SELECT * FROM rows WHERE code_insee = '915{n:02}' LIMIT 20",
        ),
        _JSON + "&code_insee=915{n:02}",
    ),
    Question(
        "filtre et comparaison",
        "limit=20&where=passages > 40{n:02} and jour >= date'2023-01-01'",
        (
            "SELECT count(*) FROM rows WHERE passages > 40{n:02} AND jour >= DATE '2023-01-01'",
            "SELECT * FROM rows WHERE passages > 40{n:02} AND jour >= DATE '2023-01-01' LIMIT 20",
        ),
        _JSON + "&passages__gt=40{n:02}&jour__gte=2023-01-01",
    ),
    Question(
        "texte commence par",
        "limit=20&where=startswith(adresse, 'rue du {n}')",
        (
            "SELECT count(*) FROM rows WHERE starts_with(adresse, 'rue du {n}')",
            "SELECT * FROM rows WHERE starts_with(adresse, 'rue du {n}') LIMIT 20",
        ),
        _JSON + "&adresse__startswith=rue+du+{n}",
    ),
    Question(
        "une facette",
        "facet=compteur&where=passages > {n}",
        (
            "SELECT v, n FROM (SELECT compteur AS v, count(*) AS n FROM rows WHERE passages > {n} GROUP BY v) "
            "ORDER BY n DESC, v LIMIT 20",
        ),
        "/mesure/mesure.json?_size=0&_facet=compteur&passages__gt={n}",
        FIFTY,
        facets,
    ),
    Question(
        "deux facettes",
        "facet=code_insee&facet=en_service&where=passages > {n}",
        (
            "SELECT v, n FROM (SELECT code_insee AS v, count(*) AS n FROM rows WHERE passages > {n} GROUP BY v) "
            "ORDER BY n DESC, v LIMIT 20",
            "SELECT v, n FROM (SELECT en_service AS v, count(*) AS n FROM rows WHERE passages > {n} GROUP BY v) "
            "ORDER BY n DESC, v LIMIT 20",
        ),
        "/mesure/mesure.json?_size=0&_facet=code_insee&_facet=en_service&passages__gt={n}",
        FIFTY,
        facets,
    ),
    Question(
        "groupe et moyenne",
        "select=compteur, count(*) as n, avg(debit) as moyenne&group_by=compteur&order_by=n desc&limit=100"
        "&where=passages > {n}",
        (
            "SELECT compteur, count(*) AS n, avg(debit) AS moyenne FROM rows WHERE passages > {n} GROUP BY compteur "
            "ORDER BY n DESC, compteur LIMIT 100",
            "SELECT count(DISTINCT compteur) FROM rows WHERE passages > {n}",
        ),
        _SQL + "select+compteur,count(*)+as+n,avg(debit)+from+mesure+where+passages+>+{n}+group+by+compteur"
        "+order+by+n+desc+limit+100",
        FIFTY,
    ),
    Question(
        "recherche de mots",
        "limit=20&where=search('avenue {n} mars')",
        (
            "SELECT count(*) FROM rows WHERE adresse ILIKE '%avenue%' AND adresse ILIKE '%{n}%' AND adresse ILIKE '%mars%'",
            "SELECT * FROM rows WHERE adresse ILIKE '%avenue%' AND adresse ILIKE '%{n}%' AND adresse ILIKE '%mars%' LIMIT 20",
        ),
        _JSON + "&adresse__contains=avenue&adresse__contains={n}",
    ),
    Question(
        "rectangle",
        "limit=20&where=in_bbox(geo_point_2d, 48.6{n:02}, 2.3, 48.6{m:02}, 2.35)",
        (
            "SELECT count(*) FROM rows WHERE ST_Intersects(geo_point_2d, ST_MakeEnvelope(2.3, 48.6{n:02}, 2.35, 48.6{m:02}))",
            "SELECT * FROM rows WHERE ST_Intersects(geo_point_2d, ST_MakeEnvelope(2.3, 48.6{n:02}, 2.35, 48.6{m:02})) LIMIT 20",
        ),
        _JSON + "&latitude__gte=48.6{n:02}&latitude__lte=48.6{m:02}&longitude__gte=2.3&longitude__lte=2.35",
    ),
)


def query_figures(version: Path, database: Path | None = None) -> list[Figure]:
    """Figures of each question on the version in this folder, cold then loaded; Datasette's too when its database is given."""
    source = Source(str(version.absolute()), read_manifest(version))
    engine = DuckDBEngine(version.parent.parent, memory="1GB", threads=2)
    cold = timed(lambda: records(engine, source, _request(QUESTIONS[3].parameters, 90)))[0]
    figures = [Figure("question", "filtre, version froide", "ms", cold * 1000)]
    loading, loaded = timed(lambda: engine.warm(source))
    figures.append(Figure("question", "chargement en mémoire", "s", loading))
    datasette = InProcess(database) if database else None
    with duckdb.connect(config={"threads": 2}) as alone:
        alone.execute(QUIET)
        load_spatial(alone)
        alone.execute(f"CREATE TABLE rows AS FROM read_parquet('{version}/part-*.parquet')")
        for question in QUESTIONS:
            figures += _compared(question, engine, source, alone, datasette, "" if loaded else ", lue dans Parquet")
        figures += _by_id(engine, source, alone, datasette)
    if datasette:
        datasette.close()
    engine.close()
    return figures


def _compared(
    question: Question,
    engine: DuckDBEngine,
    source: Source,
    alone: duckdb.DuckDBPyConnection,
    datasette: InProcess | None,
    where: str,
) -> list[Figure]:
    ranks = count(10)
    runs = {
        "ours": lambda n: question.ask(engine, source, _request(question.parameters, n)),
        DUCKDB: lambda n: [alone.execute(_filled(sql, n)).fetchall() for sql in question.sql],
    }
    if datasette and question.datasette:
        runs[DATASETTE] = lambda n: datasette.get(_filled(question.datasette, n))
    best = _in_turn(runs, ranks)
    return _figures(question.label + where, best, question.against if source.rows >= MANY else None)


def _by_id(
    engine: DuckDBEngine, source: Source, alone: duckdb.DuckDBPyConnection, datasette: InProcess | None
) -> list[Figure]:
    """One record by the identifier that a page told."""
    page = records(engine, source, ExploreRequest.from_query([("limit", "50"), ("include_app_metas", "true")]))
    ids = [row["_id"] for row in page.results]
    if not ids:
        return []
    request = ExploreRequest()
    runs: dict[str, Callable[[int], object]] = {
        "ours": lambda n: record(engine, source, ids[n % len(ids)], request),
        DUCKDB: lambda n: alone.execute(f"SELECT * FROM rows WHERE __row = {n}").fetchall(),
    }
    if datasette:
        runs[DATASETTE] = lambda n: datasette.get(f"/mesure/mesure/{n % source.rows + 1}.json")
    best = _in_turn(runs, count(1))
    return [replace(figure, budget=None) for figure in _figures("une ligne par son identifiant", best, None)]


def _in_turn(runs: dict[str, Callable[[int], object]], ranks: count[int]) -> dict[str, float]:
    """The shortest time of each, run one after the other, each turn with another value."""
    best = dict.fromkeys(runs, float("inf"))
    for turn in range(TURNS):
        for name, run in runs.items():
            if name == DATASETTE and turn >= PEER_TURNS:
                continue
            rank, start = next(ranks), perf_counter()
            run(rank)
            best[name] = min(best[name], perf_counter() - start)
    return best


def _figures(label: str, best: dict[str, float], against: float | None) -> list[Figure]:
    mine, peer = best["ours"] * 1000, best[DUCKDB] * 1000
    allowed = round(1.5 + 3 / peer, 2)  # half as long again, and three milliseconds
    figures = [Figure("question", label, "ms", mine, DUCKDB, peer, allowed)]
    with suppress(KeyError):
        figures.append(Figure("question", label, "ms", mine, DATASETTE, best[DATASETTE] * 1000, against))
    return figures


def _filled(text: str, n: int) -> str:
    return text.format(n=n, m=n + 1)


def _request(parameters: str, n: int) -> ExploreRequest:
    pairs = (part.partition("=") for part in _filled(parameters, n).split("&"))
    return ExploreRequest.from_query((name, value) for name, _sign, value in pairs)
