"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class WritingConfig(ModuleConfig):
    """What programs write."""

    name = "parvis.hub.writing"
    label = "writing"
