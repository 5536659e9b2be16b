"""Pages and API of a running instance: server time and weight, beside Datasette on the same rows."""

from __future__ import annotations

import gzip
import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urljoin

from parvis.config.bench.datasette import serve_command
from parvis.config.bench.figures import Figure, percentile
from parvis.config.serving.memory import family, shares

PAGES = (
    ("accueil", "/"),
    ("Explorer", "/explore/"),
    ("recherche", "/explore/?q=velos"),
    ("jeu : informations", "/explore/dataset/{id}/information/"),
    ("jeu : tableau", "/explore/dataset/{id}/table/"),
    ("jeu : export", "/explore/dataset/{id}/export/"),
    ("API : 20 lignes", "/api/explore/v2.1/catalog/datasets/{id}/records?limit=20"),
)
_WARMING = 5
"""Times each page is asked before any is measured: each web process loads the rows in the background meanwhile."""
_LOADED = (
    re.compile(rb"""<(?:script|img|source)\b[^>]*?\bsrc=["']([^"']+)["']"""),
    re.compile(
        rb"""<link\b(?=[^>]*\brel=["'](?:stylesheet|modulepreload|preload|icon)["'])[^>]*?\bhref=["']([^"']+)["']"""
    ),
    re.compile(rb"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+\.js)["']"""),
    re.compile(rb"""url\(["']?([^"')]+\.woff2[^"')]*)["']?\)"""),
)
"""What a browser fetches with a page: scripts and images, styles, then what scripts import at once and every font of the
styles (a browser may need fewer); not what a script asks for later, as a map does."""


def page_figures(address: str, dataset_id: str, turns: int) -> list[Figure]:
    """p95 of each page's server time in milliseconds (warm), and its weight over the wire before any map or chart."""
    figures = []
    for _turn in range(_WARMING):
        for _label, path in PAGES:
            _fetch(address + path.format(id=dataset_id))
    for label, path in PAGES:
        url = address + path.format(id=dataset_id)
        times = [_fetch(url)[0] for _turn in range(turns)]
        budget = 50 if not label.startswith("API") else None
        figures.append(Figure("page", f"{label}, p95", "ms", percentile(times, 0.95) * 1000, budget=budget))
    for label, path in PAGES[:5]:
        weight = _weight(address, path.format(id=dataset_id)) / 1000
        figures.append(Figure("page", f"{label}, poids", "ko", weight, budget=150))
    return figures


def answer_seconds(url: str) -> float:
    """Seconds that an address takes to answer, to the end."""
    return _fetch(url)[0]


def _fetch(url: str) -> tuple[float, bytes]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310 our own address
    start = time.perf_counter()
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body = answer.read()
    return time.perf_counter() - start, body


def _weight(address: str, path: str) -> int:
    """Bytes over the wire of a page and of all that it loads from its own address, each counted once."""
    total, seen, waiting = 0, set(), [address + path]
    while waiting:
        url = waiting.pop()
        if url in seen or not url.startswith(address + "/"):
            continue
        seen.add(url)
        body = _fetch(url)[1]
        total += len(body)
        text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        waiting += [urljoin(url, unescape(link.decode())) for pattern in _LOADED for link in pattern.findall(text)]
    return total


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def datasette_figures(folder: Path, database: Path, parvis_figures: list[Figure]) -> list[Figure]:
    """The API's page of rows beside Datasette's on the same table; empty when Datasette is not installed."""
    command = serve_command(database, port := free_port())
    if not command:
        return []
    address = f"http://127.0.0.1:{port}"
    with serving(command, f"{address}/-/versions.json", folder):
        url = f"{address}/mesure/mesure.json?_size=20&_nocount=1&_nofacet=1"
        times = [_fetch(url)[0] for _turn in range(23)][3:]
    mine = next(figure for figure in parvis_figures if figure.what.startswith("API"))
    return [Figure("page", "API : 20 lignes, p95", "ms", mine.ours, "Datasette", percentile(times, 0.95) * 1000)]


@dataclass(frozen=True, slots=True)
class Served:
    """A server at work: the seconds it took to answer, and its process."""

    seconds: float
    process: int

    def busy(self) -> float:
        """Seconds of processor that it and the processes it started have taken so far; 0 where the system does not tell."""
        tick, total = os.sysconf("SC_CLK_TCK"), 0
        with suppress(OSError):
            for process in family(self.process):
                stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
                fields = stat.rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
        return total / tick

    def web_memory(self) -> float:
        """The memory of the largest web process at present, in MB; 0 where the system does not tell."""
        largest = 0
        with suppress(OSError):
            for process in family(self.process):
                folder = Path(f"/proc/{process}")
                is_worker = (folder / "comm").read_text(encoding="utf-8").startswith("parvis-")
                match = re.search(r"VmRSS:\s+(\d+) kB", (folder / "status").read_text(encoding="ascii"))
                largest = max(largest, int(match[1]) if match and not is_worker else 0)
        return largest / 1024

    def shares(self) -> dict[str, float]:
        """What each of its processes holds now, in MB, by role (``serving.memory.shares``)."""
        return {role: size / 2**20 for role, size in shares(self.process).items()}

    def peak(self) -> float:
        """The most memory it has held so far, in MB; 0 where the system does not tell."""
        status = Path(f"/proc/{self.process}/status")
        if not status.exists():
            return 0.0
        match = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        return int(match[1]) / 1024 if match else 0.0


@contextmanager
def serving(
    command: list[str], probe: str, folder: Path, patience: float = 60, environment: dict[str, str] | None = None
) -> Iterator[Served]:
    """Run a server until the end of the block, once it has answered ``probe``; in this process's environment, unless given."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        start = time.perf_counter()
        try:
            while True:
                with suppress(URLError, ConnectionError):
                    _fetch(probe)
                    break
                if process.poll() is not None or time.perf_counter() - start > patience:
                    log_tail = Path(log.name).read_text(encoding="utf-8", errors="replace")[-2000:]
                    raise RuntimeError(f"{command[0]} does not answer: {log_tail}")
                time.sleep(0.05)
            yield Served(time.perf_counter() - start, process.pid)
        finally:
            process.terminate()
            process.wait(20)
