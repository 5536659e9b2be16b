"""Django's entry to this room."""

from django.apps import AppConfig


class SqlConfig(AppConfig):
    """A page and an address that answer SQL."""

    name = "parvis.web.sql"
    label = "free_sql"
