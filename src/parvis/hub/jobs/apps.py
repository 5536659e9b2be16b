"""Django's entry to this room."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Background work: progress, cancellation, taken up again when its worker dies."""

    name = "parvis.hub.jobs"
    label = "jobs"
