"""What is done to records, in the words of the journal."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from parvis.hub.records.models import CivicRecord
from parvis.hub.registry import modules

ACT_WORDS = {
    "create": _("a créé"),
    "update": _("a modifié"),
    "publish": _("a publié"),
    "unpublish": _("a remis en brouillon"),
    "retire": _("a retiré"),
    "archive": _("a archivé"),
    "restore": _("a rétabli"),
    "delete": _("a supprimé"),
    "move": _("a changé l’adresse :"),
    "lock": _("a verrouillé"),
    "unlock": _("a déverrouillé"),
    "submit": _("a soumis à relecture"),
    "approve": _("a approuvé"),
    "reject": _("a demandé des changements :"),
    "resume": _("a soumis de nouveau"),
    "cancel": _("a arrêté la relecture :"),
    "schedule": _("a programmé"),
    "scheduled": _("a publié, comme prévu,"),
    "unschedule": _("a déprogrammé"),
    "revert": _("a repris une version ancienne :"),
    "rename": _("a renommé"),
    "attach": _("a joint un document :"),
    "detach": _("a retiré un document :"),
    "answer": _("a répondu à"),
    "release": _("a décidé de publier un document qui nomme des personnes :"),
}
"""By act, the verb that goes before the kind of the record: « a publié » « le graphique »."""


def kinds() -> tuple[type[CivicRecord], ...]:
    """Every kind of civic record installed."""
    return tuple(model for model in apps.get_models() if issubclass(model, CivicRecord))


def journal_actions() -> dict[str, Any]:
    """The words of each act on each kind, by its code in the journal."""
    return {
        f"{kind.noun}.{kind.acts.get(act, act)}": format_lazy("{} {}", words, kind.with_article)
        for kind in kinds()
        for act, words in ACT_WORDS.items()
    }


def actions_in_words() -> dict[str, Any]:
    """The words of every act that records and modules write in the journal, by its code there."""
    return journal_actions() | {code: words for module in modules() for code, words in module.journal_actions.items()}


def journal_targets() -> dict[str, Any]:
    """The kinds in words, by their name in the journal."""
    return {kind.noun: kind._meta.verbose_name for kind in kinds()}
