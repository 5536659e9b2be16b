"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class ContributionsConfig(ModuleConfig):
    """Contributions."""

    name = "parvis.domains.contributions"
    label = "contributions"
