"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class HomeConfig(ModuleConfig):
    """Homes of sites."""

    name = "parvis.hub.home"
    label = "parvis_home"
