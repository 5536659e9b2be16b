"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class ApiKeysConfig(ModuleConfig):
    """Keys for programs."""

    name = "parvis.hub.apikeys"
    label = "apikeys"
