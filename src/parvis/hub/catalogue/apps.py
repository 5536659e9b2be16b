"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class CatalogueConfig(ModuleConfig):
    """Datasets: cards, versions, publication."""

    name = "parvis.hub.catalogue"
    label = "catalogue"
