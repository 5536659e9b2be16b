"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class QualityConfig(ModuleConfig):
    """The quality of what is published, and what its owners are told of it."""

    name = "parvis.hub.quality"
    label = "quality"
