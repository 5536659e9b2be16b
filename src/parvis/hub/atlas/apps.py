"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class AtlasConfig(ModuleConfig):
    """Maps of several layers: answers, pictures, frames, and those that were saved."""

    name = "parvis.hub.atlas"
    label = "atlas"
