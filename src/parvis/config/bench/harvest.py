"""A neighbour's catalogue read whole, small datasets from a server of this machine told against the same files imported one by one; and a large one."""

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

DATASETS, LEAST_DATASETS = 200, 8
"""Read as versions unless another number is asked for (2,000 are the target), and in a trial of the benchmark."""
ITEMS, LEAST_ITEMS, TAKEN = 50_000, 300, 1_000
"""Of the large catalogue, of which a filter takes one in so many; in a trial of the benchmark."""
CHANGED = 20
"""One dataset in so many has changed the third time."""
EACH, AGAIN, PARTLY, RATIO, GROWTH, SKIPPED = 350, 20, 50, 2.0, 80, 5
"""Budgets: milliseconds a dataset (2,000 in twelve minutes), when nothing has changed, and when one in twenty has; times the import of
its file alone; megabytes between a quarter of the reading and its end; milliseconds an item that a filter leaves out."""
SECONDS = 3_600
_ROWS = "\n".join(["nom;commune;places", *(f"Lieu {rank};Évry;{rank * 3 % 17}" for rank in range(50))])

_READ = """
import json, sys, time, urllib.request
from django.core.paginator import Paginator
from pathlib import Path
from tempfile import mkdtemp
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.harvesting.backoffice import PER_PAGE
from parvis.hub.harvesting.rules import RUN
from parvis.hub.harvesting.selectors import items_of
from parvis.hub.harvesting.sources import begin_here, save_source
from parvis.hub.jobs.services import run_here
address, number, rows, every = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
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
def read(source):
    run = begin_here(OPERATOR, source, complete=True)
    start = time.perf_counter()
    run_here(OPERATOR, RUN, watch, run=run.pk)
    run.refresh_from_db()
    return time.perf_counter() - start, run.counts
first, counts = read(source)
quarter = next(size for done, size in memory if done >= number / 4)
growth = memory[-1][1] - quarter
second, again = read(source)
urllib.request.urlopen(f"{address}/changer").read()
third, partly = read(source)
changed = -(-number // every)
assert (counts.get("created"), again.get("unchanged")) == (number, number), (counts, again)
assert (partly.get("updated"), partly.get("unchanged")) == (changed, number - changed), partly
some_alone(1_000)  # before and after: a machine is not as quick all along
alone.sort()
facts = {"first": first, "second": second, "third": third, "alone": alone[len(alone) // 2], "growth": growth}
memory.clear()
large = save_source(
    OPERATOR, organisation, dialect="explore", url=sys.argv[5], title="Grand", mode="metadata", publish=False,
    filters={"theme": ["Énergie"]},
)
items, counts = read(large)
taken = counts.get("created", 0)
assert counts["seen"] == int(sys.argv[6]) and counts["skipped"] == counts["seen"] - taken, counts
facts["items"], facts["items_growth"] = items, memory[-1][1] - next(size for done, size in memory if done >= counts["seen"] / 4)
run = large.runs.first()
start = time.perf_counter()
pages = Paginator(items_of(run), PER_PAGE)
list(pages.get_page(pages.num_pages))
facts["page"] = time.perf_counter() - start
print(json.dumps(facts))
"""


def harvest_figures(environment: Mapping[str, str], number: int, *, is_trial: bool = False) -> list[Figure]:
    """What it takes to read a catalogue of so many small datasets, again unchanged, again when one in twenty has changed; and a catalogue
    of many items that a filter leaves out."""
    number, items = (LEAST_DATASETS, LEAST_ITEMS) if is_trial else (number, ITEMS)
    with _neighbour(number, "relevé") as address, _neighbour(items, "fiche") as large:
        hosts = ",".join(url.partition("://")[2] for url in (address, large))
        reachable = {"PARVIS_SOURCES_PRIVATE_HOSTS": hosts, "PARVIS_SOURCES_PAUSE": "0"}
        arguments = (address, str(number), _ROWS, str(CHANGED), large, str(items))
        answer = inside(_READ, {**environment, **reachable}, *arguments, seconds=SECONDS)
    facts = json.loads(answer.splitlines()[-1])
    each, again, partly = (facts[name] / number * 1000 for name in ("first", "second", "third"))
    skipped = facts["items"] / items * 1000
    measures = (
        (f"{number} petits jeux, chacun", "ms", each, EACH),
        ("par rapport à l’import de son fichier seul", "×", each / facts["alone"] / 1000, RATIO),
        ("relus inchangés, chacun", "ms", again, AGAIN),
        (f"relus, un sur {CHANGED} changé, chacun", "ms", partly, PARTLY),
        ("mémoire prise du quart à la fin", "Mo", max(facts["growth"], 0.0), GROWTH),
        (f"{items} fiches, une sur {TAKEN} prise, chacune", "ms", skipped, SKIPPED),
        (f"mémoire prise du quart à la fin de {items} fiches", "Mo", max(facts["items_growth"], 0.0), GROWTH),
        ("dernière page de leur rapport", "ms", facts["page"] * 1000, None),
    )
    return [
        Figure("moisson", what, unit, value, budget=None if is_trial else budget)
        for what, unit, value, budget in measures
    ]


def _dataset(rank: int, name: str, *, changed: bool = False) -> dict[str, Any]:
    default = {
        "title": f"Stationnement, {name} {rank}",
        "description": "<p>Places par lieu.</p>",
        "publisher": "Voisin",
        "license": "Licence Ouverte v2.0",
        "theme": ["Transports" if rank % TAKEN else "Énergie"],
        "data_processed": f"2026-0{2 if changed else 1}-01T00:00:00+00:00",
    }
    return {"dataset_id": f"{name}-{rank:05}", "has_records": True, "metas": {"default": default}, "fields": []}


@contextmanager
def _neighbour(number: int, name: str) -> Iterator[str]:
    """The address of a server that has so many datasets; once « /changer » is asked, one in ``CHANGED`` is another."""
    now = threading.Event()

    def is_changed(rank: int) -> bool:
        return now.is_set() and rank % CHANGED == 0

    def answer(path: str, query: Mapping[str, list[str]]) -> bytes:
        if path.endswith(("/catalog/datasets", "/catalog/exports/json")):
            offset = int(query.get("offset", ["0"])[0])
            last = min(offset + 100, number) if path.endswith("datasets") else number
            page = [_dataset(rank, name, changed=is_changed(rank)) for rank in range(offset, last)]
            return json.dumps({"total_count": number, "results": page} if path.endswith("datasets") else page).encode()
        if path == "/changer":
            now.set()
            return b"fait"
        if not path.endswith("csv"):
            return b""
        rank = int(path.rpartition("-")[2][:5])
        return f"{_ROWS}\n{'Neuf' if is_changed(rank) else 'Ancien'};Évry;{rank}".encode()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Quiet."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = answer(parts.path, parse_qs(parts.query))
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
