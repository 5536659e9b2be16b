"""Django's entry to this room."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """The usual datasets of a local authority beside those that it publishes."""

    name = "parvis.hub.inventory"
    label = "inventory"
