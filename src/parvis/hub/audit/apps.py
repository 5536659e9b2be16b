"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class AuditConfig(ModuleConfig):
    """Who did what, when."""

    name = "parvis.hub.audit"
    label = "audit"
