"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class DataServicesConfig(ModuleConfig):
    """Services of the catalogue."""

    name = "parvis.hub.dataservices"
    label = "dataservices"
