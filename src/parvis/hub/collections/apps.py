"""Django's entry to this room."""

from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    """Records as everybody sees them."""

    name = "parvis.hub.collections"
    label = "collections"
