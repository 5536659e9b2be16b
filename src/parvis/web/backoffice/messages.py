"""Codes of the hub as sentences for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.hub.datastore.sending_words import sending_words
from parvis.hub.records.messages import actions_in_words, journal_targets
from parvis.hub.registry import modules

_ACTIONS = {
    "picture.rewrite": gettext_lazy("a réécrit une image sans ses métadonnées"),
    "job.cancel": gettext_lazy("a arrêté une tâche"),
    "pack.load": gettext_lazy("a chargé le jeu d’essai"),
    "pack.contents": gettext_lazy("a chargé les contenus du jeu d’essai"),
    "territories.load": gettext_lazy("a chargé les territoires"),
    "territories.update": gettext_lazy("a mis à jour les territoires"),
    "secret-key.renew": gettext_lazy("a renouvelé la clé secrète"),
}
"""The acts of the journal that are of no module; an act without a row is shown by its code."""

_TARGETS = {
    "job": gettext_lazy("tâche"),
    "pack": gettext_lazy("jeu d’essai"),
    "territories": gettext_lazy("territoires"),
    "instance": gettext_lazy("instance"),
}

ACCESS = {
    "public": gettext_lazy("public : tout le monde"),
    "internal": gettext_lazy("interne : les membres des organisations choisies"),
    "restricted": gettext_lazy("restreint : les groupes choisis"),
}

LANGUAGES = {"fr": gettext_lazy("français"), "en": gettext_lazy("anglais")}


def action_label(action: str) -> str:
    """An act of the journal in words."""
    return str(actions().get(action, action))


def actions() -> dict[str, Any]:
    """The acts of the journal in words, those of records and modules too."""
    return _ACTIONS | actions_in_words()


def targets() -> dict[str, Any]:
    """What is acted on, in words, of records and modules too."""
    return (
        _TARGETS
        | journal_targets()
        | {code: words for module in modules() for code, words in module.journal_targets.items()}
    )


def upload_words() -> dict[str, Any]:
    """What ``frontend/src/upload/words.ts`` says of sending and waiting, in the language of the page."""
    return {
        **sending_words(),
        "search": _("Tapez quelques lettres"),
        "remove": _("Retirer {name}"),
        "nothing": _("Aucun choix ne correspond."),
        "choose": _("Choisir un fichier"),
        "choose-several": _("Choisir des fichiers"),
        "no-file": _("aucun fichier choisi"),
        "no-column": _("aucune"),
        "no-dataset": _("choisissez d’abord un jeu de données"),
        "add-column": _("ajouter une colonne"),
        "missing-column": _("{name} (absente de ce jeu)"),
        "no-other-dataset": _("la page ne montre aucun autre jeu de données"),
        "insert-column": _("Insérer une colonne"),
        "as-odsql": _("Voir en ODSQL"),
        "odsql-wins": _("Si vous le changez, c’est ce texte qui compte, et non les menus."),
    }
