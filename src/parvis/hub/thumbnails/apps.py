"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class ThumbnailsConfig(ModuleConfig):
    """Thumbnails: made in the background, shown on cards."""

    name = "parvis.hub.thumbnails"
    label = "thumbnails"
