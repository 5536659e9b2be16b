"""Django's entry to this room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Civic records: what people write and publish."""

    name = "parvis.hub.records"
    label = "records"
