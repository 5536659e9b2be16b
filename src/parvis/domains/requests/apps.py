"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class RequestsConfig(ModuleConfig):
    """Requests for data."""

    name = "parvis.domains.requests"
    label = "requests"
