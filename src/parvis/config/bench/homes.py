"""The home of an agglomeration in each layout, with a map of its communes, figures, pages and datasets."""

from __future__ import annotations

import json
from collections.abc import Mapping

from parvis.config.bench.figures import Figure, percentile
from parvis.config.bench.inside import inside
from parvis.config.bench.themes import MAKE_PAGE

BUDGET = 50
"""Milliseconds, of the design."""

_MAKE = """
import json
from wagtail.models import Site
from parvis.hub.registry import modules
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory
figures = [figure for module in modules() if module.examples for figure in module.examples("mesure", 8)]
face = SiteFace.for_site(Site.objects.get(is_default_site=True))
face.territory = Territory.objects.get(kind="epci", code="200059228")
face.save()
print(json.dumps(figures))
"""

_MEASURE = """
import json, sys, time
from django.test import Client
from wagtail.models import Site
from parvis.config.bench.pages import answer_seconds
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.services import set_home
address, turns, figures, found = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]), {}
client, site = Client(SERVER_NAME="127.0.0.1"), Site.objects.get(is_default_site=True)
forward = [{"type": "figure", "value": figure} for figure in figures]
for layout in LAYOUT_NAMES:
    set_home(OPERATOR, site, layout=layout, forward=forward)
    for _turn in range(min(turns, 5)):
        answer_seconds(address)
        assert client.get("/").status_code == 200
    times = [answer_seconds(address) for _turn in range(turns)]
    busy = time.process_time()
    for _turn in range(turns):
        client.get("/")
    found[layout] = {"times": times, "processor": (time.process_time() - busy) / turns}
print(json.dumps(found))
"""


def make_homes(environment: Mapping[str, str]) -> list[str]:
    """Write what homes show in that instance: the thematic page, a territory with its communes, eight figures of each module that has some.

    Gives the names of these figures.
    """
    names: list[str] = json.loads(inside(MAKE_PAGE + _MAKE, environment).splitlines()[-1])
    return names


def home_figures(address: str, environment: Mapping[str, str], put_forward: list[str], turns: int) -> list[Figure]:
    """Of each layout: p95 over HTTP once warm, and the processor's time in a process of its own."""
    figures = []
    measured = inside(_MEASURE, environment, f"{address}/", str(turns), json.dumps(put_forward))
    for layout, facts in json.loads(measured.splitlines()[-1]).items():
        label = f"accueil « {layout} »"
        figures.append(Figure("page", f"{label}, p95", "ms", percentile(facts["times"], 0.95) * 1000, budget=BUDGET))
        figures.append(Figure("page", f"{label}, processeur", "ms", facts["processor"] * 1000))
    return figures
