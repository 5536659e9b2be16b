"""Django's entry to this room."""

from django.apps import AppConfig


class QuotasConfig(AppConfig):
    """Budgets of callers."""

    name = "parvis.hub.quotas"
    label = "quotas"
