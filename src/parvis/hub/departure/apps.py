"""Django's entry to this room."""

from django.apps import AppConfig


class DepartureConfig(AppConfig):
    """The whole instance as open files, for whoever leaves."""

    name = "parvis.hub.departure"
    label = "departure"
