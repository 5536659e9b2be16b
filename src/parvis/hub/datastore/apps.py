"""Django's entry to this room."""

from django.apps import AppConfig


class DatastoreConfig(AppConfig):
    """From a file to a queryable table; reading rows by dataset."""

    name = "parvis.hub.datastore"
    label = "datastore"

    def ready(self) -> None:
        """Make the jobs of this room known."""
        from parvis.hub.datastore.kinds import KINDS  # noqa: PLC0415 models are ready only now
        from parvis.hub.jobs.rules import register  # noqa: PLC0415

        register(*KINDS)
