"""The reviews of the demonstration: real files put face to face with real extracts."""

from __future__ import annotations

from parvis.core.osm.mappings import theme_text
from parvis.domains.osm.models import Conflation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.records.services import create, publish
from parvis.hub.territories.selectors import referred_to
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write and publish those that are missing, of the datasets that are there; they are compared in the background."""
    for row in demo_rows("openstreetmap"):
        datasets = [dataset_called(row[name]) for name in ("dataset_id", "osm_dataset_id")]
        if not all(datasets) or Conflation.objects.filter(title=row["title"]).exists():
            continue
        fields = {**row, "mapping": theme_text(row["theme"]), "territory": referred_to(row["territory"])}
        publish(OPERATOR, create(OPERATOR, Conflation(organisation=datasets[0].organisation, **fields)))
