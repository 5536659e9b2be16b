"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class PagesConfig(ModuleConfig):
    """Editorial pages."""

    name = "parvis.hub.pages"
    label = "parvis_pages"
