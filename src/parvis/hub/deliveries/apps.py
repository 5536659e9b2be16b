"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class DeliveriesConfig(ModuleConfig):
    """Expected deliveries."""

    name = "parvis.hub.deliveries"
    label = "deliveries"
