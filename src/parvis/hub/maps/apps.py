"""Django's entry to this room."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """Layers of datasets and the base map."""

    name = "parvis.hub.maps"
    label = "maps"
