"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class DeliberationsConfig(ModuleConfig):
    """Acts of assemblies and of who signs alone."""

    name = "parvis.domains.deliberations"
    label = "deliberations"
