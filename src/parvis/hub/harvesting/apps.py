"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class HarvestingConfig(ModuleConfig):
    """Datasets that come by themselves."""

    name = "parvis.hub.harvesting"
    label = "harvesting"
