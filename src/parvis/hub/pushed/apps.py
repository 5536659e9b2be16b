"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class PushedConfig(ModuleConfig):
    """Pages written once for all communes."""

    name = "parvis.hub.pushed"
    label = "parvis_pushed"
