"""Django's entry to this room."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import post_delete, post_migrate

from parvis.hub.registry import ModuleConfig


class RecordsConfig(ModuleConfig):
    """Civic records: what people write and publish."""

    name = "parvis.hub.records"
    label = "records"

    def ready(self) -> None:
        """Once tables are as they should be, so are the indexes of words."""
        super().ready()
        post_migrate.connect(_index_words, dispatch_uid="records.words")
        file = import_module("parvis.hub.records.models").RecordFile
        post_delete.connect(_erase, sender=file, dispatch_uid="records.files")


def _erase(instance: Any, **_rest: Any) -> None:
    """A document goes with its row, whatever removes that, once it is gone for good."""
    storage, path = instance.file.storage, instance.file.name
    transaction.on_commit(lambda: storage.delete(path))


def _index_words(sender: AppConfig, using: str, **_rest: Any) -> None:
    words = import_module("parvis.hub.records.trigram_index")
    for model in sender.get_models():
        if getattr(model, "words_are_indexed", False):
            words.index_words(model, using)
