"""Django's entry to this room."""

from django.apps import AppConfig


class OgcConfig(AppConfig):
    """The doors of the OGC."""

    name = "parvis.web.ogc"
    label = "ogc"
