"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class UsageConfig(ModuleConfig):
    """What is read, downloaded, called, embedded and searched for."""

    name = "parvis.hub.usage"
    label = "parvis_usage"
