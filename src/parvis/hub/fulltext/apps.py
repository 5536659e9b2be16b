"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class FulltextConfig(ModuleConfig):
    """Full-text search in the long documents of every subject."""

    name = "parvis.hub.fulltext"
    label = "parvis_fulltext"
