"""Django's entry to this room."""

from django.apps import AppConfig


class GeocodingConfig(AppConfig):
    """Answers of the national service of addresses."""

    name = "parvis.hub.geocoding"
    label = "geocoding"
