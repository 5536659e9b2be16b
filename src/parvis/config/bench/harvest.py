"""A neighbour's catalogue read whole: small datasets from a server of this machine, told against the same files imported one by one."""

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

DATASETS, LEAST_DATASETS = 2_000, 8
"""For a million rows, and for a trial of the benchmark on a few."""
EACH, AGAIN, RATIO, GROWTH = 450, 20, 2.0, 80
"""Budgets: milliseconds a dataset (2,000 in fifteen minutes), and when nothing has changed; times the import of its file alone; megabytes
between a quarter of the reading and its end."""
SECONDS = 3_600
_ROWS = "\n".join(["nom;commune;places", *(f"Lieu {rank};Évry;{rank * 3 % 17}" for rank in range(50))])

_READ = """
import json, resource, sys, time
from pathlib import Path
from tempfile import mkdtemp
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.jobs.services import run_here
address, number, rows = sys.argv[1], int(sys.argv[2]), sys.argv[3]
organisation = Organisation.objects.order_by("pk").first()
def megabytes():
    text = Path("/proc/self/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) / 1000
alone, folder = [], Path(mkdtemp())
def import_alone(turn):
    path = folder / f"seul-{turn}.csv"
    path.write_text(rows, encoding="utf-8")
    start = time.perf_counter()
    dataset = create_dataset(OPERATOR, organisation, f"seul-{turn}", {"title": f"Seul {turn}", "description": "<p>x</p>"})
    run_import_here(OPERATOR, start_import(OPERATOR, deposit=deposit_file(OPERATOR, path), dataset=dataset, publish=True))
    alone.append(time.perf_counter() - start)
def some_alone(first):
    for turn in range(first, first + max(3, min(20, number))):
        import_alone(turn)
some_alone(0)
source = save_source(OPERATOR, organisation, dialect="explore", url=address, title="Voisin")
memory = []
def watch(stage, done, total=None):
    if stage == "harvest":
        memory.append((done, megabytes()))
def read():
    run = begin_here(OPERATOR, source, complete=True)
    start = time.perf_counter()
    run_here(OPERATOR, RUN, watch, run=run.pk)
    run.refresh_from_db()
    return time.perf_counter() - start, run.counts
first, counts = read()
quarter = next(size for done, size in memory if done >= number / 4)
growth = memory[-1][1] - quarter
second, again = read()
assert (counts.get("created"), again.get("unchanged")) == (number, number), (counts, again)
some_alone(1_000)  # before and after: a machine is not as quick all along
alone.sort()
print(json.dumps({"first": first, "second": second, "alone": alone[len(alone) // 2], "growth": growth, "size": memory[-1][1]}))
"""


def harvest_figures(environment: Mapping[str, str], rows: int) -> list[Figure]:
    """What it takes to read a catalogue (as large as goes with so many ``rows``), then to read it again unchanged."""
    number = min(DATASETS, max(rows // 500, LEAST_DATASETS))
    with _neighbour(number) as address:
        reachable = {"PARVIS_SOURCES_PRIVATE_HOSTS": address.partition("://")[2], "PARVIS_SOURCES_PAUSE": "0"}
        facts = json.loads(
            inside(_READ, {**environment, **reachable}, address, str(number), _ROWS, seconds=SECONDS).splitlines()[-1]
        )
    each, again = facts["first"] / number * 1000, facts["second"] / number * 1000
    measures = (
        (f"{number} petits jeux, chacun", "ms", each, EACH),
        ("par rapport à l’import de son fichier seul", "×", each / facts["alone"] / 1000, RATIO),
        ("relus inchangés, chacun", "ms", again, AGAIN),
        ("mémoire prise du quart à la fin", "Mo", max(facts["growth"], 0.0), GROWTH),
    )
    is_trial = number < 100
    return [
        Figure("moisson", what, unit, value, budget=None if is_trial else budget)
        for what, unit, value, budget in measures
    ]


def _dataset(rank: int) -> dict[str, Any]:
    default = {
        "title": f"Stationnement, relevé {rank}",
        "description": "<p>Places par lieu.</p>",
        "publisher": "Voisin",
        "license": "Licence Ouverte v2.0",
        "data_processed": "2026-01-01T00:00:00+00:00",
    }
    return {"dataset_id": f"voisin-{rank:05}", "has_records": True, "metas": {"default": default}, "fields": []}


@contextmanager
def _neighbour(number: int) -> Iterator[str]:
    """The address of a server that has so many datasets."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if parts.path.endswith("/catalog/datasets"):
                offset = int(query["offset"][0])
                page = [_dataset(rank) for rank in range(offset, min(offset + 100, number))]
                body = json.dumps({"total_count": number, "results": page}).encode()
            else:
                body = _ROWS.encode() if parts.path.endswith("csv") else b""
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
