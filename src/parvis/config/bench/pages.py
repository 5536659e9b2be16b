"""Pages and API of a running instance: server time and weight, beside Datasette on the same rows."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

from parvis.config.bench.figures import Figure, percentile

PAGES = (
    ("accueil", "/"),
    ("Explorer", "/explore/"),
    ("recherche", "/explore/?q=velos"),
    ("jeu : informations", "/explore/dataset/{id}/information/"),
    ("jeu : tableau", "/explore/dataset/{id}/table/"),
    ("jeu : export", "/explore/dataset/{id}/export/"),
    ("API : 20 lignes", "/api/explore/v2.1/catalog/datasets/{id}/records?limit=20"),
)
_LINKS = re.compile(rb"""<(?:link|script|img)[^>]+(?:href|src)=["']([^"']+\.(?:css|js|woff2|svg|png)[^"']*)["']""")


def page_figures(address: str, dataset_id: str) -> list[Figure]:
    """p95 of each page's server time in milliseconds (warm), and its weight over the wire before any map or chart."""
    figures = []
    for label, path in PAGES:
        url = address + path.format(id=dataset_id)
        times = [_fetch(url)[0] for _turn in range(23)][3:]
        budget = 50 if not label.startswith("API") else None
        figures.append(Figure("page", f"{label}, p95", "ms", percentile(times, 0.95) * 1000, budget=budget))
    for label, path in PAGES[:5]:
        weight = _weight(address, path.format(id=dataset_id)) / 1000
        figures.append(Figure("page", f"{label}, poids", "ko", weight, budget=150))
    return figures


def _fetch(url: str) -> tuple[float, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310 our own address
    start = time.perf_counter()
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body = answer.read()
    return time.perf_counter() - start, body


def _weight(address: str, path: str) -> int:
    body = _fetch(address + path)[1]
    html = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    linked = {link.decode() for link in _LINKS.findall(html) if link.startswith(b"/")}
    return len(body) + sum(len(_fetch(address + link)[1]) for link in linked)


def datasette_figures(folder: Path, database: Path, ours: list[Figure]) -> list[Figure]:
    """The API's page of rows beside Datasette's on the same table; empty when Datasette is not installed."""
    command = shutil.which("datasette", path=str(Path(sys.executable).parent))
    if command is None or not database.exists():
        return []
    with serving([command, "serve", str(database), "--port", "8765"], "http://127.0.0.1:8765/-/versions.json", folder):
        url = "http://127.0.0.1:8765/mesure/mesure.json?_size=20&_nocount=1&_nofacet=1"
        times = [_fetch(url)[0] for _turn in range(23)][3:]
    mine = next(figure for figure in ours if figure.what.startswith("API"))
    return [Figure("page", "API : 20 lignes, p95", "ms", mine.ours, "Datasette", percentile(times, 0.95) * 1000)]


@contextmanager
def serving(command: list[str], probe: str, folder: Path, patience: float = 60) -> Iterator[float]:
    """Run a server until the end of the block; gives the seconds it took to answer ``probe``."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        start = time.perf_counter()
        try:
            while True:
                with suppress(URLError, ConnectionError):
                    _fetch(probe)
                    break
                if process.poll() is not None or time.perf_counter() - start > patience:
                    raise RuntimeError(f"{command[0]} does not answer, see {log.name}")
                time.sleep(0.05)
            yield time.perf_counter() - start
        finally:
            process.terminate()
            process.wait(20)
