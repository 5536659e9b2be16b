"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class ChartsConfig(ModuleConfig):
    """Charts: answers, pictures, frames, and those that were saved."""

    name = "parvis.hub.charts"
    label = "charts"
