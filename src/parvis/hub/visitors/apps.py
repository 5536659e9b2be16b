"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class VisitorsConfig(ModuleConfig):
    """Forms that anybody may send."""

    name = "parvis.hub.visitors"
    label = "visitors"
