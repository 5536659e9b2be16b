"""Django's entry to this room."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class CatalogueConfig(AppConfig):
    """Datasets: cards, versions, publication."""

    name = "parvis.hub.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Dataset objects tell who publishes: when an organisation changes, so does what the catalogue shows."""
        post_save.connect(_organisation_changed, sender="accounts.Organisation", dispatch_uid="catalogue-organisation")


def _organisation_changed(raw: bool = False, **details: Any) -> None:
    from parvis.hub.catalogue.services import bump_revision  # noqa: PLC0415  (models are not loaded before ready)

    if not raw:
        bump_revision()
