"""Rows pushed into a dataset that is being asked: how many a second, acknowledged and seen how soon."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from urllib.parse import quote, urlsplit

from parvis.config.bench.figures import Figure, percentile
from parvis.config.bench.inside import inside

BATCH = 200
"""Rows of one batch."""
LEAST_ROWS, LONGEST_SEEN = 2_000, 1.0
"""Of the design: rows a second while questions are asked, and seconds until a row is seen."""
SECONDS = 20.0
_MARKED = 0.5
_PATIENCE = 10.0

_OPEN = """
import sys
from datetime import timedelta
from django.utils import timezone
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.selectors import dataset
from parvis.hub.rowlog.services.streams import Choices, open_stream
open_stream(OPERATOR, dataset(OPERATOR, sys.argv[1]), Choices())
person = Person.objects.filter(is_superuser=True).first()
person = person or Person.objects.create(email="mesure@parvis.example", is_superuser=True, is_staff=True)
row, end = dataset(OPERATOR, sys.argv[1]), timezone.now() + timedelta(days=1)
print(create_key(actor_of(person), person, "mesure", scope=Scope.PUSH, organisation=row.organisation, expires=end)[1])
"""


@dataclass(slots=True)
class _Taken:
    rows: int = 0
    acknowledged: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def push_figures(
    address: str, environment: Mapping[str, str], dataset_id: str, seconds: float, memory: Callable[[], float]
) -> list[Figure]:
    """While one program asks, another pushes as fast as it is answered; then so many rows a second as the design says, and a third looks
    when marked rows are seen."""
    secret = inside(_OPEN, environment, dataset_id).strip().split("\n")[-1]
    path = f"/api/explore/v2.1/catalog/datasets/{dataset_id}/records"
    sample = _read(f"{address}{path}?limit=100")["results"]
    rows = (sample * (BATCH // len(sample) + 1))[:BATCH]
    caller = partial(_Caller, address, dataset_id, secret)
    before = memory()
    fast, steady = _Taken(), _Taken()
    for taken, pace, more in ((fast, 0.0, ()), (steady, BATCH / LEAST_ROWS, (_look,))):
        until = time.monotonic() + seconds / 2
        works = [partial(_push, caller, rows, taken, until, pace), partial(_ask, address + path, taken, until)]
        works += [partial(look, caller, address + path, rows[0], taken, until) for look in more]
        _together(works)
        if taken.errors:
            raise RuntimeError(taken.errors[0])
        taken.rows = round(taken.rows / (seconds / 2))
    late = percentile(steady.seen, 0.95)
    return [
        Figure(
            "poussées",
            f"lignes prises par lots de {BATCH}, jeu interrogé",
            "lignes/s",
            fast.rows,
            budget=LEAST_ROWS,
            rate=True,
        ),
        Figure("poussées", f"lignes prises au pas de {LEAST_ROWS} par seconde", "lignes/s", steady.rows),
        Figure("poussées", "à ce pas, lot gardé, p95", "ms", percentile(steady.acknowledged, 0.95) * 1000),
        Figure("poussées", "à ce pas, ligne vue après qu’elle est gardée, p95", "s", late, budget=LONGEST_SEEN),
        Figure("poussées", "à ce pas, page filtrée, p95", "ms", percentile(steady.asked, 0.95) * 1000),
        Figure("poussées", "mémoire prise pendant ce temps", "Mo", memory() - before),
    ]


def _together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class _Caller:
    """A program that keeps its connection."""

    def __init__(self, address: str, dataset_id: str, secret: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._path = f"/api/parvis/v1/datasets/{dataset_id}/rows"
        self._headers = {"Authorization": f"ApiKey {secret}", "Content-Type": "application/json"}

    def push(self, rows: list[dict[str, object]], token: str) -> None:
        """Push a batch; RuntimeError unless it was wholly taken."""
        self._connection.request("POST", self._path, json.dumps(rows), {**self._headers, "Idempotency-Key": token})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200 or json.loads(body)["refused"]:
            raise RuntimeError(body[:500].decode(errors="replace"))


def _push(
    caller: Callable[[], _Caller], rows: list[dict[str, object]], taken: _Taken, until: float, pace: float
) -> None:
    """Push batch after batch, one each ``pace`` seconds at most; one at least, however late a busy machine begins."""
    program, begun = caller(), time.monotonic()
    for number in count():
        if (ahead := begun + number * pace - time.monotonic()) > 0:
            time.sleep(ahead)
        start = time.monotonic()
        if number and start > until:
            return
        try:
            program.push(rows, f"mesure-{begun}-{number}")
        except (RuntimeError, OSError) as error:
            taken.errors.append(str(error))
            return
        taken.acknowledged.append(time.monotonic() - start)
        taken.rows += len(rows)


def _look(caller: Callable[[], _Caller], path: str, row: dict[str, object], taken: _Taken, until: float) -> None:
    program = caller()
    column = next(name for name, value in row.items() if isinstance(value, str) and not value[:1].isdigit())
    for number in count():
        if number and time.monotonic() > until:
            return
        try:
            program.push([{**row, column: f"repère {number}"}], f"repere-{until}-{number}")
            start = time.monotonic()
            where = quote(f'{column}="repère {number}"')
            while not _read(f"{path}?limit=0&where={where}")["total_count"] and time.monotonic() - start < _PATIENCE:
                time.sleep(0.02)
        except (RuntimeError, OSError) as error:
            taken.errors.append(str(error))
            return
        taken.seen.append(time.monotonic() - start)
        time.sleep(_MARKED)


def _ask(path: str, taken: _Taken, until: float) -> None:
    for number in count():
        start = time.monotonic()
        if number and start > until:
            return
        try:
            _read(f"{path}?limit=20&where=passages%20%3E%20{number}")
        except OSError as error:
            taken.errors.append(str(error))
            return
        taken.asked.append(time.monotonic() - start)
        time.sleep(0.05)


def _read(address: str) -> dict[str, list[dict[str, object]]]:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 the server measured
        read: dict[str, list[dict[str, object]]] = json.load(answer)
    return read
