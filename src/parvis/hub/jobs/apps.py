"""Django's entry to this room."""

from parvis.hub.registry import ModuleConfig


class JobsConfig(ModuleConfig):
    """Background work: progress, cancellation, taken up again when its worker dies."""

    name = "parvis.hub.jobs"
    label = "jobs"
