"""Django's entry to this subject."""

from parvis.hub.registry import ModuleConfig


class IndicatorsConfig(ModuleConfig):
    """Indicators: definitions, values, their pages."""

    name = "parvis.domains.indicators"
    label = "indicators"
