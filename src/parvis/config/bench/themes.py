"""A thematic page with six data blocks: the server's time warm and cold, and the processor's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from parvis.config.bench.figures import Figure, percentile
from parvis.config.bench.inside import inside
from parvis.config.bench.pages import answer_seconds

PATH = "/pages/mesure/"
BUDGET = 80
"""Milliseconds, of the design."""

MAKE_PAGE = """
from wagtail.models import Site
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.pages.services import make_page
def block(kind, **value):
    return {"type": kind, "value": {"dataset": "mesure", **value}}
body = [
    {"type": "text", "value": "<h2>Les compteurs</h2><p>Ce que disent les compteurs, heure par heure.</p>"},
    {"type": "filters", "value": {"filters": [{"label": "En service", "dataset": "mesure", "column": "en_service"}]}},
    block("figure", label="relevés"),
    block("figure", label="passages", calculation="sum", measure="passages"),
    block("chart", mark="bars", grouping="en_service", calculation="sum", measure="passages"),
    block("chart", mark="lines", grouping="jour", step="month", calculation="sum", measure="passages"),
    block("table", columns="compteur, jour, passages", order="passages", descending=True),
    block("comparison", grouping="en_service", calculation="avg", measure="debit"),
]
make_page(OPERATOR, Site.objects.get(is_default_site=True), "mesure", "Les compteurs", body)
"""
"""What writes the page, run in the measured instance."""

_ALONE = """
import json, sys, time
from django.test import Client
client, path, turns = Client(SERVER_NAME="127.0.0.1"), sys.argv[1], int(sys.argv[2])
start = time.perf_counter()
assert client.get(path).status_code == 200
cold = time.perf_counter() - start
for filtered in ("oui", "non"):
    assert client.get(path, {"en_service": filtered}).status_code == 200
busy = time.process_time()
for _turn in range(turns):
    client.get(path)
print(json.dumps({"cold": cold, "processor": (time.process_time() - busy) / turns}))
"""


def theme_figures(address: str, environment: Mapping[str, str], turns: int) -> list[Figure]:
    """p95 over HTTP once warm; then in a process of its own, the first time it is asked and the processor's time after."""
    times = [answer_seconds(address + PATH) for _turn in range(turns + 5)][5:]
    facts: dict[str, Any] = json.loads(inside(_ALONE, environment, PATH, str(turns)).splitlines()[-1])
    label = "page thématique, six blocs"
    return [
        Figure("page", f"{label}, p95", "ms", percentile(times, 0.95) * 1000, budget=BUDGET),
        Figure("page", f"{label}, processeur", "ms", facts["processor"] * 1000),
        Figure("page", f"{label}, première fois", "ms", facts["cold"] * 1000),
    ]
