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


REASONS = {
    "preamble": gettext_lazy("texte au-dessus de l’en-tête"),
    "second-header": gettext_lazy("second en-tête"),
    "repeated-header": gettext_lazy("en-tête répété"),
    "broken-quotes": gettext_lazy("guillemets mal fermés"),
    "too-many-cells": gettext_lazy("plus de cellules que l’en-tête"),
    "footer": gettext_lazy("texte sous le tableau"),
    "total-line": gettext_lazy("total"),
    "not-a-feature": gettext_lazy("n’est pas un objet géographique"),
    "broken-json": gettext_lazy("JSON mal formé"),
    "not-an-object": gettext_lazy("n’est pas un objet JSON"),
    "step-failed": gettext_lazy("une étape de préparation a échoué"),
}
"""Why a line of a file could not become a row (``reason`` of the rejects)."""


FAILURES = {
    "not-in-list": gettext_lazy("n’est pas dans la liste"),
    "no-match": gettext_lazy("ne suit pas l’expression régulière"),
    "not-int": gettext_lazy("n’est pas un nombre entier"),
    "not-double": gettext_lazy("n’est pas un nombre"),
    "not-boolean": gettext_lazy("n’est ni oui ni non"),
    "not-date": gettext_lazy("n’est pas une date"),
    "not-datetime": gettext_lazy("n’est pas une date et une heure"),
    "not-json": gettext_lazy("n’est pas du JSON"),
    "not-xml": gettext_lazy("n’est pas du XML"),
    "not-a-list": gettext_lazy("n’est pas une liste JSON"),
    "not-an-address": gettext_lazy("n’est pas une adresse web"),
    "not-expected": gettext_lazy("ne remplit pas les conditions"),
    "not-computed": gettext_lazy("n’a pas pu être calculé"),
    "not-a-place": gettext_lazy("n’est pas un lieu"),
    "outside": gettext_lazy("n’est dans aucune de ces formes"),
    "unknown-code": gettext_lazy("code inconnu"),
    "unknown-name": gettext_lazy("nom inconnu"),
    "homonym": gettext_lazy("plusieurs territoires ont ce nom"),
    "address-unknown": gettext_lazy("commune inconnue des adresses chargées"),
    "not-degrees": gettext_lazy("n’est pas un angle"),
    "not-encoded": gettext_lazy("n’est pas une forme codée"),
    "address-unsure": gettext_lazy("adresse trop peu sûre"),
    "address-no-answer": gettext_lazy("adresse restée sans réponse du service de géocodage"),
    "address-not-asked": gettext_lazy("adresse pas encore demandée au service de géocodage"),
    "not-in-dataset": gettext_lazy("absent de l’autre jeu de données"),
    "several-in-dataset": gettext_lazy("plusieurs fois dans l’autre jeu de données"),
}
"""Why a step failed on a row (``reason`` of the failures)."""


def failure_label(reason: str) -> str:
    """The reason of a failure in words."""
    return str(FAILURES.get(reason, reason))


def reason_label(reason: str) -> str:
    """The reason of a reject in words."""
    return str(REASONS.get(reason, reason))


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
