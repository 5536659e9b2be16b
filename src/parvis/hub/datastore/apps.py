"""Django's entry to this room."""

from django.apps import AppConfig


class DatastoreConfig(AppConfig):
    """From a file to a queryable table; reading rows by dataset."""

    name = "parvis.hub.datastore"
    label = "datastore"
