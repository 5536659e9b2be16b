"""The services of the demonstration."""

from __future__ import annotations

from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.selectors import datasets_announced_to
from parvis.hub.dataservices.models import DataService
from parvis.hub.publications.declaration import portal_publisher
from parvis.hub.records.services import create, publish
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write and publish those that are missing, of the datasets that are there."""
    for row in demo_rows("services"):
        owner = organisations().filter(slug=row["organisation"]).first() or portal_publisher()
        if owner is None or DataService.objects.filter(title=row["title"]).exists():
            continue
        present = datasets_announced_to(ANONYMOUS).filter(dataset_id__in=row["datasets"])
        columns = {name: value for name, value in row.items() if name not in ("organisation", "datasets")}
        service = DataService(organisation=owner, **columns)
        service.datasets = list(present.values_list("permanent_id", flat=True))
        publish(OPERATOR, create(OPERATOR, service))
