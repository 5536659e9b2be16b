"""Django's entry to this room."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """Civic records: what people write and publish."""

    name = "parvis.hub.records"
    label = "records"

    def ready(self) -> None:
        """Once tables are as they should be, so are the indexes of words."""
        post_migrate.connect(_index_words, dispatch_uid="records.words")


def _index_words(sender: AppConfig, using: str, **_rest: Any) -> None:
    words = import_module("parvis.hub.records.words")
    for model in sender.get_models():
        if getattr(model, "words_are_indexed", False):
            words.index_words(model, using)
