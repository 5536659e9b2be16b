"""Django's entry to this room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Full-text search in French over the catalogue."""

    name = "parvis.hub.search"
    label = "parvis_search"
