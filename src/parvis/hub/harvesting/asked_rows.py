"""The door of federated datasets, light: what asks other portals is loaded when somebody reads one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.datastore.elsewhere import FarRows


def far_rows(dataset: Dataset) -> FarRows | None:
    """The rows of a federated dataset; None for one whose rows are here."""
    return import_string("parvis.hub.harvesting.federated.far_rows")(dataset)
