"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class ReusesConfig(ModuleConfig):
    """The gallery of reuses."""

    name = "parvis.domains.reuses"
    label = "reuses"
