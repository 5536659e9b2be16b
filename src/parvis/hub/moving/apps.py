"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class MovingConfig(ModuleConfig):
    """What of a portal that moves in is not a dataset."""

    name = "parvis.hub.moving"
    label = "parvis_moving"
