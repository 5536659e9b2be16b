"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class GeocodingConfig(ModuleConfig):
    """Answers of the national service of addresses."""

    name = "parvis.hub.geocoding"
    label = "geocoding"
