"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class MapsConfig(ModuleConfig):
    """Layers of datasets and the base map."""

    name = "parvis.hub.maps"
    label = "maps"
