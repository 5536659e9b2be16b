"""The home of an agglomeration in each layout, with a map of its communes, figures, pages and datasets."""

from __future__ import annotations

import json
from collections.abc import Mapping

from parvis.config.bench.figures import Figure, percentile
from parvis.config.bench.inside import inside

TURNS = 40
BUDGET = 50
"""Milliseconds, of the design."""

_MAKE = """
from wagtail.models import Site
from parvis.core.indicators import Definition
from parvis.domains.indicators import services
from parvis.domains.indicators.rules import IndicatorStatus
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Dataset
from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory
organisation = Dataset.objects.get(dataset_id="mesure").organisation
for rank in range(8):
    part = {"dataset": "mesure", "select": "sum(passages)", "where": [f"passages > {rank}"], "period": 'date_format(jour, "yyyy")'}
    told = {"title": f"Passages {rank}", "question": "Combien de passages ?", "method": "On additionne.", "unit": "passages"}
    one = services.create_indicator(
        OPERATOR, organisation, Definition.from_dict({"slug": f"passages-{rank}", **told, "parts": {"passages": part}})
    )
    services.set_status(OPERATOR, one, IndicatorStatus.PUBLISHED)
    services.compute_indicator(OPERATOR, one)
face = SiteFace.for_site(Site.objects.get(is_default_site=True))
face.territory = Territory.objects.get(kind="epci", code="200059228")
face.save()
"""

_MEASURE = """
import json, sys, time
from django.test import Client
from wagtail.models import Site
from parvis.config.bench.pages import asked
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.home.layouts import LAYOUT_NAMES
from parvis.hub.home.services import set_home
address, turns, found = sys.argv[1], int(sys.argv[2]), {}
client, site = Client(SERVER_NAME="127.0.0.1"), Site.objects.get(is_default_site=True)
forward = [{"type": "figure", "value": f"indicateur:passages-{rank}"} for rank in range(8)]
for layout in LAYOUT_NAMES:
    set_home(OPERATOR, site, layout=layout, forward=forward)
    for _turn in range(5):
        asked(address)
        assert client.get("/").status_code == 200
    times = [asked(address) for _turn in range(turns)]
    busy = time.process_time()
    for _turn in range(turns):
        client.get("/")
    found[layout] = {"times": times, "processor": (time.process_time() - busy) / turns}
print(json.dumps(found))
"""


def make_homes(environment: Mapping[str, str]) -> None:
    """Write what homes show in the instance of that environment: eight indicators, and a territory with its communes."""
    inside(_MAKE, environment)


def home_figures(address: str, environment: Mapping[str, str]) -> list[Figure]:
    """Of each layout: p95 over HTTP once warm, and the processor's time in a process of its own."""
    figures = []
    for layout, facts in json.loads(inside(_MEASURE, environment, f"{address}/", str(TURNS)).splitlines()[-1]).items():
        label = f"accueil « {layout} »"
        figures.append(Figure("page", f"{label}, p95", "ms", percentile(facts["times"], 0.95) * 1000, budget=BUDGET))
        figures.append(Figure("page", f"{label}, processeur", "ms", facts["processor"] * 1000))
    return figures
