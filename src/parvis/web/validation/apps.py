"""Django's entry to this room."""

from django.apps import AppConfig


class ValidationPagesConfig(AppConfig):
    """Checking any file against a schema, without an account; the schemas."""

    name = "parvis.web.validation"
    label = "validation_pages"
