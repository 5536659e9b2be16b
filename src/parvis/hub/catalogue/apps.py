"""Django's entry to this room."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Datasets: cards, versions, publication."""

    name = "parvis.hub.catalogue"
    label = "catalogue"
