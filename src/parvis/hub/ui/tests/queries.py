"""How many questions an answer puts to the database."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str) -> int:
    """The questions of one answer: the fewest of three, for counters of use and short-lived caches ask some of their own."""
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    return min(counts)
