"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class OsmConfig(ModuleConfig):
    """A town's data and OpenStreetMap, put face to face."""

    name = "parvis.domains.osm"
    label = "osm"
