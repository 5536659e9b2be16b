"""Django's entry to this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Public screens that cross subjects: home, search, dataset, territory, organisation."""

    name = "parvis.web.portal"
