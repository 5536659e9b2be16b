"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class SealsConfig(ModuleConfig):
    """The seal of what is published."""

    name = "parvis.hub.seals"
    label = "seals"
