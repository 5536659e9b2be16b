"""Django's entry to this room."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Pictures and documents."""

    name = "parvis.hub.uploads"
    label = "uploads"

    def ready(self) -> None:
        """Have Willow, which Wagtail decodes every picture with, leave them all to children."""
        from willow.registry import registry  # noqa: PLC0415 once models are there

        from parvis.hub.uploads import willow_plugin  # noqa: PLC0415

        registry.register_plugin(willow_plugin)
