"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class RepublicationConfig(ModuleConfig):
    """Datasets that also appear on data.gouv.fr."""

    name = "parvis.hub.republication"
    label = "republication"
