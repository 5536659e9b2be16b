"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class QuotasConfig(ModuleConfig):
    """Budgets of callers."""

    name = "parvis.hub.quotas"
    label = "quotas"
