"""Django's entry to this room."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Homes of sites."""

    name = "parvis.hub.home"
    label = "parvis_home"
