"""How Wagtail's history tells what is done to records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from parvis.hub.records.models import CivicRecord, RecordLogEntry


@hooks.register("register_log_actions")
def our_log(actions: LogActionRegistry) -> None:
    """Records have a history of their own, and acts that Wagtail's have not."""
    actions.register_model(CivicRecord, RecordLogEntry)
    # Reports over every kind of entry read those rows already, as ModelLogEntry: they would be told twice, and the union of three
    # kinds of Wagtail's report is one that SQLite refuses.
    actions.log_entry_models.discard(RecordLogEntry)
    for act, label in (
        ("retire", _("Retirer")),
        ("archive", _("Archiver")),
        ("restore", _("Rétablir")),
        ("move", _("Changer d’adresse")),
        ("attach", _("Joindre un document")),
        ("detach", _("Retirer un document")),
        ("answer", _("Répondre")),
        ("release", _("Publier un document qui nomme des personnes")),
    ):
        actions.register_action(f"parvis.{act}", label, label)
