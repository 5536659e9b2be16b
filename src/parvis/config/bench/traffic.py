"""Requests a second of a served instance, and how light requests fare while heavy ones run."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from parvis.config.bench.datasette import serve_command
from parvis.config.bench.figures import Figure
from parvis.config.bench.load import Load, burst
from parvis.config.bench.pages import free_port, serving

CONNECTIONS = (1, 8, 64)
_IDLE = 0.1
"""Seconds of processor in one second under which a server that is asked nothing is at rest."""

HEAVY = 32
"""Heavy requests at once, of as many addresses."""

ROWS = "/api/explore/v2.1/catalog/datasets/{id}/records?limit=20"
DATASETTE = "/mesure/mesure.json?_nofacet=1&_size=20&_shape=objects"
_LAST = 9_900
_HEAVY_QUESTION = (
    "where=search('avenue {n}') and passages > {n}&order_by=adresse desc, horodatage&select=compteur, adresse"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of request: its label, what is added to the address for the n-th, and the least rate the design allows, if any."""

    label: str
    added: str
    least: float | None = None
    conditional: bool = False
    connections: tuple[int, ...] = CONNECTIONS
    """Fewer where the machine works for each answer: one caller may not have sixty such questions at work."""


KINDS = (
    Kind("page jamais demandée", "&offset={n}", 1_000),
    Kind("page filtrée jamais demandée", "&where=passages%20%3E%20{n}", connections=(1, 8)),
    Kind("page en mémoire", "", 5_000),
    Kind("304", "", 5_000, conditional=True),
)


def traffic_figures(address: str, dataset_id: str, busy: Callable[[], float], seconds: float) -> list[Figure]:
    """Requests a second for each kind and number of connections, asked for so many seconds; the budget is that of the best of them.

    With the processor time of the server for each request (``busy`` tells what it has taken so far), which other work on the
    machine changes less.
    """
    path = ROWS.format(id=dataset_id)
    tag = _warm(address + path)
    _settled(busy)
    figures = []
    for kind in KINDS:
        numbers = count(1)
        headers = {"If-None-Match": tag} if kind.conditional else {}
        expected, before = 304 if kind.conditional else 200, busy()
        loads = {
            many: _load(address, _paths(path + kind.added, numbers), many, headers, expected, seconds)
            for many in kind.connections
        }
        taken = (busy() - before) / sum(len(load.times) for load in loads.values())
        best = max(loads, key=lambda many: loads[many].rate)
        for many, load in loads.items():
            least = kind.least if many == best else None
            figures.append(
                Figure("débit", f"{kind.label}, {many} connexions", "requêtes/s", load.rate, budget=least, rate=True)
            )
        figures.append(Figure("débit", f"{kind.label}, processeur du serveur", "ms", taken * 1000))
    return figures


def _settled(busy: Callable[[], float], patience: int = 60) -> None:
    """Wait until the server has loaded what it was asked, or is busy with something else for long."""
    for _second in range(patience):
        before = busy()
        time.sleep(1)
        if busy() - before < _IDLE:
            return


def datasette_traffic(folder: Path, database: Path, parvis_figures: list[Figure], seconds: float) -> list[Figure]:
    """Datasette's rates for a page it was not asked before, beside ours; empty when it is not installed."""
    command = serve_command(database, port := free_port())
    if not command:
        return []
    address = f"http://127.0.0.1:{port}"
    figures = []
    with serving(command, f"{address}/-/versions.json", folder):
        for many in CONNECTIONS:
            label = f"{KINDS[0].label}, {many} connexions"
            peer = _load(address, _paths(DATASETTE + "&_next={n}", count(1)), many, {}, 200, seconds).rate
            mine = next(figure.ours for figure in parvis_figures if figure.what == label)
            figures.append(Figure("débit", label, "requêtes/s", mine, "Datasette", peer, rate=True))
    return figures


def fairness_figures(address: str, dataset_id: str, seconds: float) -> list[Figure]:
    """The wait of light requests, alone then beside heavy ones of other addresses (the server must trust our proxy)."""
    path = ROWS.format(id=dataset_id)
    _warm(address + path)
    light = {"X-Forwarded-For": "192.0.2.250"}
    alone = burst(address, _paths(path + "&offset={n}", count(1)), connections=2, seconds=seconds, headers=light)
    with _Heavy(address, dataset_id):
        beside = burst(
            address, _paths(path + "&offset={n}", count(5_000)), connections=2, seconds=3 * seconds, headers=light
        )
    refused = sum(number for status, number in beside.statuses.items() if status != 200)
    label = "requête légère, p99"
    return [
        Figure("équité", f"{label}, seule", "ms", alone.wait(0.99) * 1000),
        Figure("équité", f"{label}, à côté de {HEAVY} lourdes", "ms", beside.wait(0.99) * 1000),
        Figure("équité", f"légères refusées à côté de {HEAVY} lourdes, sur {len(beside.times)}", "", refused, budget=0),
    ]


class _Heavy:
    """Heavy requests from another process, as long as the block lasts."""

    def __init__(self, address: str, dataset_id: str) -> None:
        self._command = [sys.executable, "-m", "parvis.config.bench.traffic", address, dataset_id]

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()  # they have begun

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(20)


def _load(
    address: str, path: Callable[[], str], many: int, headers: Mapping[str, str], expected: int, seconds: float
) -> Load:
    """What a burst measures; RuntimeError when some are answered otherwise than expected."""
    measured = burst(address, path, connections=many, seconds=seconds, headers=headers)
    if set(measured.statuses) - {expected}:
        raise RuntimeError(f"{address} answered {json.dumps(dict(measured.statuses))} where {expected} was expected")
    return measured


def _paths(template: str, numbers: Iterator[int]) -> Callable[[], str]:
    return lambda: template.replace("{n}", str(next(numbers) % _LAST))


def _warm(url: str) -> str:
    """Ask until each process of the server has the rows in memory; the validator of the answer."""
    tag = ""
    for turn in range(60):
        with urllib.request.urlopen(f"{url}&offset={turn % 3}" if turn % 2 else url) as answer:  # noqa: S310 our own address
            tag = answer.headers["ETag"] or tag if not turn % 2 else tag
            answer.read()
    return tag


def _run_heavy(address: str, dataset_id: str) -> None:
    """Ask heavy questions from as many addresses until the process is ended."""
    numbers = count(1)
    base = f"/api/explore/v2.1/catalog/datasets/{dataset_id}/records?limit=100&"

    def path() -> str:
        n = next(numbers)
        return base + quote(_HEAVY_QUESTION.replace("{n}", str(n % 90)), safe="=&")

    sys.stdout.write("begun\n")
    sys.stdout.flush()
    senders = [{"X-Forwarded-For": f"198.51.100.{rank}"} for rank in range(HEAVY)]
    burst(address, path, connections=HEAVY, seconds=3_600, headers_of=senders)


if __name__ == "__main__":
    _run_heavy(sys.argv[1], sys.argv[2])
