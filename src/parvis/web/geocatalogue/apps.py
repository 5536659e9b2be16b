"""Django's entry to this room."""

from django.apps import AppConfig


class GeocatalogueConfig(AppConfig):
    """CSW and OGC API – Records."""

    name = "parvis.web.geocatalogue"
    label = "geocatalogue"
