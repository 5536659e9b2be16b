"""A portal that moves in whole and is compared, told against the same rows fetched and imported one dataset at a time; and once more, unchanged."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from parvis.config.bench.figures import Figure
from parvis.config.bench.inside import inside

DATASETS, LEAST_DATASETS = 100, 4
"""Moved, and in a trial of the benchmark."""
ROWS, LEAST_ROWS = 2_000, 40
"""Of each."""
RATIO, AGAIN, REQUESTS = 4.0, 0.6, 8.0
"""Budgets: times the fetching and importing of the same rows, the comparison included; of the second move as a part of the first, which
compares as much; requests a dataset."""
SECONDS = 3_600
_API = "/api/explore/v2.1/catalog/datasets"
_FIELDS = [
    {
        "name": name,
        "label": name.capitalize(),
        "type": kind,
        "annotations": {"facet": True} if name == "commune" else {},
    }
    for name, kind in (("nom", "text"), ("commune", "text"), ("places", "int"), ("part", "double"))
]

_MOVE = """
import json, resource, sys, time, urllib.request
from pathlib import Path
from tempfile import mkdtemp
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.harvesting.move_reports import report_of
from parvis.hub.harvesting.move_services import go_on, move_values
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.sources import save_source
from parvis.hub.jobs.services import run_here
address, number = sys.argv[1], int(sys.argv[2])
organisation = Organisation.objects.order_by("pk").first()
folder, alone = Path(mkdtemp()), []
def asked():
    return int(urllib.request.urlopen(f"{address}/demandes").read())
def fetch_and_import(turn):
    start = time.perf_counter()
    path = folder / f"seul-{turn}.jsonl"
    path.write_bytes(urllib.request.urlopen(f"{address}/api/explore/v2.1/catalog/datasets/jeu-{turn:04}/exports/jsonl").read())
    dataset = create_dataset(OPERATOR, organisation, f"seul-{turn}", {"title": f"Seul {turn}", "description": "<p>x</p>"})
    run_import_here(OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=True))
    alone.append(time.perf_counter() - start)
some = max(2, min(15, number // 2))
for turn in range(some):
    fetch_and_import(turn)
options = {"only": [], "without": [], "licence": "lov2", "draft": False, "ignore_robots": False}
source = save_source(OPERATOR, organisation, **move_values(address, **options))
def move():
    before, start = asked(), time.perf_counter()
    run = go_on(OPERATOR, source, here=True)
    run_here(OPERATOR, RUN, run=run.pk)
    run.refresh_from_db()
    took = time.perf_counter() - start
    report = report_of(run)
    assert report["totals"]["same"] == number, report["totals"]
    return took, asked() - before - 1, run.counts, report["rows"][1]
first, requests, counts, rows = move()
second, again, unchanged, _rows = move()
assert (counts["created"], unchanged["unchanged"]) == (number, number), (counts, unchanged)
for turn in range(some):  # before and after: a machine is not as quick all along
    fetch_and_import(number - 1 - turn)
alone.sort()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
facts = {"first": first, "second": second, "alone": alone[len(alone) // 2], "requests": requests, "again": again, "rows": rows}
print(json.dumps({**facts, "peak": peak}))
"""


def move_figures(environment: Mapping[str, str], *, is_trial: bool = False) -> list[Figure]:
    """What it takes to move a portal of so many datasets in, with the comparison of each, and to move it again with nothing changed."""
    number, rows = (LEAST_DATASETS, LEAST_ROWS) if is_trial else (DATASETS, ROWS)
    with _portal(number, rows) as address:
        reachable = {
            "PARVIS_SOURCES_PRIVATE_HOSTS": address.partition("://")[2],
            "PARVIS_SOURCES_PAUSE": "0",
        }
        answer = inside(_MOVE, {**environment, **reachable}, address, str(number), seconds=SECONDS)
    facts = json.loads(answer.splitlines()[-1])
    each = facts["first"] / number
    measures = (
        (f"{number} jeux de {rows} lignes, comparés", "jeux/s", number / facts["first"], None, True),
        ("lignes emménagées et comparées", "lignes/s", facts["rows"] / facts["first"], None, True),
        ("par rapport à télécharger et importer les mêmes lignes", "×", each / facts["alone"], RATIO, False),
        ("demandes au portail, par jeu", "demandes", facts["requests"] / number, REQUESTS, False),
        (
            "une seconde fois sans changement, en part de la première",
            "×",
            facts["second"] / facts["first"],
            AGAIN,
            False,
        ),
        ("demandes de la seconde fois, par jeu", "demandes", facts["again"] / number, REQUESTS, False),
        ("mémoire au plus haut", "Mo", facts["peak"], None, False),
    )
    return [
        Figure("emménagement", what, unit, value, budget=None if is_trial else budget, rate=rate)
        for what, unit, value, budget, rate in measures
    ]


def _dataset(rank: int, rows: int) -> dict[str, Any]:
    default = {
        "title": f"Stationnement {rank}",
        "description": "<p>Places par lieu.</p>",
        "publisher": "Portail",
        "license": "Licence Ouverte v2.0",
        "records_count": rows,
        "data_processed": "2026-01-01T00:00:00+00:00",
    }
    row = {"dataset_id": f"jeu-{rank:04}", "dataset_uid": f"da_{rank:06}", "has_records": True, "fields": _FIELDS}
    return {**row, "visibility": "domain", "data_visible": True, "metas": {"default": default, "dcat": {}}}


def _table(rank: int, rows: int) -> list[dict[str, Any]]:
    return [
        {"nom": f"Lieu {rank}, {n}", "commune": f"Commune {n % 20}", "places": n * 3 % 170, "part": n / 7}
        for n in range(rows)
    ]


def _csv(table: list[dict[str, Any]]) -> str:
    head = ";".join(field["name"] for field in _FIELDS)
    return "\r\n".join([head, *(f'"{r["nom"]}";{r["commune"]};{r["places"]};{r["part"]!r}' for r in table), ""])


def _facets(table: list[dict[str, Any]]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for row in table:
        counts[row["commune"]] = counts.get(row["commune"], 0) + 1
    return {"facets": [{"name": "commune", "facets": [{"value": word, "count": n} for word, n in counts.items()]}]}


def _answer(path: str, offset: int, number: int, rows: int) -> bytes:
    name = path.removeprefix(f"{_API}/").partition("/")[0]
    if path == _API:
        page = [_dataset(rank, rows) for rank in range(offset, min(offset + 100, number))]
        return json.dumps({"total_count": number, "results": page}).encode()
    if not path.startswith(_API) or not name.startswith("jeu-"):
        return b""
    rank = int(name.removeprefix("jeu-"))
    if path.endswith("/facets"):
        return json.dumps(_facets(_table(rank, rows))).encode()
    if path.endswith("/exports/jsonl"):
        return "".join(f"{json.dumps(row)}\n" for row in _table(rank, rows)).encode()
    if path.endswith("/exports/csv"):
        return f"\ufeff{_csv(_table(rank, rows))}".encode()
    return json.dumps(_dataset(rank, rows)).encode()


@contextmanager
def _portal(number: int, rows: int) -> Iterator[str]:
    """The address of a server that has so many datasets; « /demandes » says how many requests it had."""
    lock, requests = threading.Lock(), [0]

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path, offset = parts.path, int(parse_qs(parts.query).get("offset", ["0"])[0])
            with lock:
                requests[0] += 1
                body = str(requests[0]).encode() if path == "/demandes" else None
            body = body or _answer(path, offset, number, rows)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
