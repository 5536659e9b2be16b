"""Django's entry to this room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, when."""

    name = "parvis.hub.audit"
    label = "audit"
