"""Each shape imported beside DuckDB writing the same typed Parquet, then asked over HTTP beside DuckDB alone on the same rows."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urlencode, urlsplit

import duckdb

from parvis.config.bench.datasette import InProcess, copy_rows, is_here
from parvis.config.bench.figures import Figure, percentile, turns_for
from parvis.config.bench.imports import CLOCKS, OURS, alone
from parvis.config.bench.inside import inside
from parvis.config.bench.memory import PATIENCE, wait_until_idle
from parvis.config.bench.pages import Served
from parvis.config.bench.sample import QUIET
from parvis.config.bench.shapes.drawn import Drawing
from parvis.config.bench.shapes.files import SHAPES, Shape
from parvis.core.connections import load_spatial
from parvis.core.versions.manifest import Manifest, read_manifest

TURNS, PEER_TURNS = 20, 3
"""Questions of each kind, each with values of its own, of which Datasette, slower, is asked the first; medians are compared."""

WHOLE, TRIED = 20_000, SHAPES[2:3]
"""Rows from which all shapes are measured; below, the one that is asked every kind of question, to try the benchmark itself."""

_WARMING = 12
_LEAST_ROWS = 400
_SUBJECT = "formes"

_PEER = f"""
import duckdb
from parvis.core.connections import load_spatial
read, order = sys.argv[3:]
{CLOCKS}
with duckdb.connect(config={{"threads": 2}}) as connection:
    load_spatial(connection)
    connection.execute(f"CREATE TABLE typed AS {{read}}")
    connection.execute(
        f"COPY (FROM typed {{order}}) TO '{{folder / 'typed.parquet'}}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)"
    )
"""

_PUBLISH = """
import json, sys
from parvis.config.cli.main import main
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.factories import versions_folder
for path in sys.argv[1:]:
    if status := main(["import", path]):
        sys.exit(status)
datasets = Dataset.objects.select_related("current")
print(json.dumps({row.dataset_id: str(versions_folder(row.uid) / row.current.name) for row in datasets}))
"""

type Serving = Callable[[], AbstractContextManager[tuple[str, Served]]]


def shape_figures(folder: Path, serving: Serving, environment: Mapping[str, str], rows: int) -> list[Figure]:
    """Figures of every shape, the worst of each kind first; ``serving`` serves the home of that ``environment``."""
    figures, paths = [], []
    shapes = SHAPES if rows >= WHOLE else TRIED
    for shape in shapes:
        path, count = folder / shape.file, max(rows * 3 // 10 // shape.share, _LEAST_ROWS)
        shape.write(path, count)
        figures.append(_imported(shape, path, folder, count))
        paths.append(path)
    versions = json.loads(inside(_PUBLISH, environment, *map(str, paths)).splitlines()[-1])
    with serving() as (address, served):
        wait_until_idle(served, PATIENCE if shapes is SHAPES else 1)  # published files have exports made ahead
        for shape in shapes:
            figures += _asked(shape, address, served, Path(versions[shape.dataset]), turns_for(TURNS, rows))
    return sorted(figures, key=lambda figure: (figure.unit, -_excess(figure)))


def _excess(figure: Figure) -> float:
    """How many times its budget a figure is."""
    return (figure.ratio or 0) / (figure.budget or 1)


def _imported(shape: Shape, path: Path, folder: Path, count: int) -> Figure:
    count_text = f"{count:,}".replace(",", "\u202f")
    label = f"{shape.label} : import de {count_text} lignes, processeur"
    parvis_run = alone(OURS, path, folder / f"import-{shape.dataset}")
    if not shape.read:
        return Figure(_SUBJECT, label, "s", parvis_run["processor"])
    peer = alone(_PEER, path, folder / f"duckdb-{shape.dataset}", shape.read.format(file=path), shape.order)[
        "processor"
    ]
    allowed = round(2.5 + 1 / peer, 2)  # two and a half times as long, and a second
    return Figure(_SUBJECT, label, "s", parvis_run["processor"], "DuckDB, même Parquet", peer, allowed)


def _asked(shape: Shape, address: str, served: Served, version: Path, turns: int) -> Iterator[Figure]:
    manifest = read_manifest(version)
    base = f"/api/explore/v2.1/catalog/datasets/{shape.dataset}/"
    with _loaded(version) as peer, _connected(address) as client, _in_datasette(peer) as datasette:
        kinds = Drawing(manifest.shape, peer, random.Random(17)).kinds()  # noqa: S311 (the same questions each time)
        _warm(client, base, manifest)
        wait_until_idle(served, PATIENCE if turns > 1 else 1)  # the words of searches are loaded after the rest
        for kind, draw in kinds.items():
            parvis_times, peer_times, datasette_times = [], [], []
            for turn in range(turns):
                question = draw()
                parvis_times.append(_seconds(lambda: _get(client, base + question.path)))  # noqa: B023 (called at once)
                peer_times.append(_seconds(lambda: [peer.execute(sql).fetchall() for sql in question.sql]))  # noqa: B023
                if datasette and turn < PEER_TURNS and question.sqlite:
                    datasette_times.append(_seconds(lambda: [_ask(datasette, sql) for sql in question.sqlite]))  # noqa: B023
            mine, others = percentile(parvis_times, 0.5) * 1000, percentile(peer_times, 0.5) * 1000
            allowed = round(1.5 + 5 / others, 2)  # half as long again, and five milliseconds
            yield Figure(_SUBJECT, f"{shape.label} : {kind}", "ms", mine, "DuckDB seul", others, allowed)
            if datasette_times:
                slower = percentile(datasette_times, 0.5) * 1000
                yield Figure(_SUBJECT, f"{shape.label} : {kind}", "ms", mine, "Datasette", slower)


@contextmanager
def _loaded(version: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(QUIET)
        load_spatial(connection)
        connection.execute(f"CREATE TABLE rows AS FROM read_parquet('{version}/part-*.parquet')")
        yield connection


@contextmanager
def _in_datasette(loaded: duckdb.DuckDBPyConnection) -> Iterator[InProcess | None]:
    """Datasette on the same rows; None where it is not installed."""
    if not is_here():
        yield None
        return
    with TemporaryDirectory() as folder:
        copy_rows(loaded, Path(folder) / "formes.db", "rows")
        datasette = InProcess(Path(folder) / "formes.db")
        try:
            yield datasette
        finally:
            datasette.close()


def _ask(datasette: InProcess, sql: str) -> None:
    datasette.get(f"/formes.json?{urlencode({'sql': sql, '_shape': 'array'})}")


@contextmanager
def _connected(address: str) -> Iterator[HTTPConnection]:
    place = urlsplit(address)
    client = HTTPConnection(place.hostname or "", place.port)
    try:
        yield client
    finally:
        client.close()


def _warm(client: HTTPConnection, base: str, manifest: Manifest) -> None:
    """Ask until every web process has the version loaded, as of any dataset that is read."""
    for turn in range(_WARMING):
        # Far from each other: neighbours are answered from what was kept of the first, and a version is loaded by its second question.
        _get(client, f"{base}records?limit=1&offset={min(turn * 800, manifest.rows - 1)}")
        time.sleep(min(manifest.rows / 300_000, 1))


def _get(client: HTTPConnection, path: str) -> None:
    client.request("GET", path)
    answer = client.getresponse()
    content = answer.read()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
