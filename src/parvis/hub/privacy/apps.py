"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class PrivacyConfig(ModuleConfig):
    """Nothing of persons becomes public without a recorded decision."""

    name = "parvis.hub.privacy"
    label = "privacy"
