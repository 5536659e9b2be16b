"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class DiscussionsConfig(ModuleConfig):
    """Discussions on datasets."""

    name = "parvis.domains.discussions"
    label = "discussions"
