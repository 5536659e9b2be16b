"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class ValidationConfig(ModuleConfig):
    """Which schema each dataset follows, and what was found of each version."""

    name = "parvis.hub.validation"
    label = "validation"
