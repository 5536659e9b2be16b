"""What this room gives the house: imports and exports as background work, whole files made once a dataset is published."""

from django.db.models.signals import post_save

from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.signals import dataset_published, dataset_withdrawn
from parvis.hub.datastore.kinds import KINDS
from parvis.hub.datastore.services.imports import dataset_closed, version_published
from parvis.hub.datastore.services.preparing import dataset_saved
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="datastore",
    jobs=KINDS,
    listeners=(
        Listener(dataset_published, version_published),
        Listener(dataset_withdrawn, dataset_closed),
        Listener(post_save, dataset_saved, Dataset),
    ),
)
