"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class InventoryConfig(ModuleConfig):
    """The usual datasets of a local authority beside those that it publishes."""

    name = "parvis.hub.inventory"
    label = "inventory"
