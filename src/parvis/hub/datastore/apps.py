"""Django's entry to this room."""

from django.apps import AppConfig


class DatastoreConfig(AppConfig):
    """From a file to a queryable table; reading rows by dataset."""

    name = "parvis.hub.datastore"
    label = "datastore"

    def ready(self) -> None:
        """Make the jobs of this room known; have whole files made once a dataset is published or its card has changed."""
        from django.db.models.signals import post_save  # noqa: PLC0415 models are ready only now

        from parvis.hub.catalogue.models import Dataset  # noqa: PLC0415
        from parvis.hub.catalogue.signals import dataset_published, dataset_withdrawn  # noqa: PLC0415
        from parvis.hub.datastore.kinds import KINDS  # noqa: PLC0415 models are ready only now
        from parvis.hub.datastore.services.imports import dataset_closed, version_published  # noqa: PLC0415
        from parvis.hub.datastore.services.preparing import dataset_saved  # noqa: PLC0415
        from parvis.hub.jobs.rules import register  # noqa: PLC0415

        register(*KINDS)
        dataset_published.connect(version_published, dispatch_uid="datastore.held")
        dataset_withdrawn.connect(dataset_closed, dispatch_uid="datastore.withdrawn")
        post_save.connect(dataset_saved, sender=Dataset, dispatch_uid="datastore.prepare")
