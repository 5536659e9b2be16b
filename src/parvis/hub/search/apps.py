"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class SearchConfig(ModuleConfig):
    """Full-text search in French over all that the house holds."""

    name = "parvis.hub.search"
    label = "parvis_search"
