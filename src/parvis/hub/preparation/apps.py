"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class PreparationConfig(ModuleConfig):
    """Datasets that follow those they are made of."""

    name = "parvis.hub.preparation"
    label = "preparation"
