"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class PublicationsConfig(ModuleConfig):
    """Datasets that subjects publish of themselves."""

    name = "parvis.hub.publications"
    label = "publications"
