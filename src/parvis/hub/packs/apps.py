"""Django's entry to this room."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Use cases without code, loaded into an instance."""

    name = "parvis.hub.packs"
    label = "packs"
